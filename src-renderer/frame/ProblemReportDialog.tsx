import { useState } from 'react'
import type { Result } from '../../src-core/result.ts'
import { attempt } from '../state/attempt.ts'
import { useStores } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'

/** Saves what helps those who make Slipway to see what went wrong, and says what is in it. */
export function ProblemReportDialog({ onClose }: { onClose: () => void }) {
  const { boss } = useStores()
  const [saving, setSaving] = useState(false)
  const [result, setResult] = useState<Result<string | null> | null>(null)
  const save = async () => {
    setSaving(true)
    setResult(null)
    const request = boss.request('app:problem-report', {})
    setResult(await attempt('The report could not be saved', request))
    setSaving(false)
  }
  const saved = result?.ok && result.value !== null ? `Saved as ${result.value}` : ''
  return (
    <Dialog title="Report a problem" onClose={onClose}>
      <div className="dialog-body">
        <p>
          A text file with versions, the window's settings, the log of the app and the logs of the
          last three runs. Nothing is sent: attach the file where you report the problem.
        </p>
        <p className="soft">
          It names folders, machines and boards, so read it first. Passwords in addresses and{' '}
          <code>~/.buildman</code> are left out.
        </p>
        {result && !result.ok && <ProblemNote problem={result.problem} />}
        <p className="soft" role="status">
          {saving ? 'Saving …' : saved}
        </p>
      </div>
      <footer>
        <Button kind="primary" disabled={saving} onClick={() => void save()}>
          Save the report …
        </Button>
      </footer>
    </Dialog>
  )
}
