import { useState } from 'react'
import type { Reply } from '../../src-preload/contract.ts'
import { attempt } from '../state/attempt.ts'
import { useStores } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'

type Saved = Reply<'run:save-file'>

/** Saves a run for somebody else to open, and says what is in the file. */
export function SaveRunDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const { boss } = useStores()
  const [hideNames, setHideNames] = useState(false)
  const [saving, setSaving] = useState(false)
  const [saved, setSaved] = useState<Saved | null>(null)
  const save = async () => {
    setSaving(true)
    setSaved(null)
    const request = boss.request('run:save-file', { runId, hideNames })
    setSaved(await attempt('The run could not be saved', request))
    setSaving(false)
  }
  return (
    <Dialog title="Save the run as a file" onClose={onClose}>
      <div className="dialog-body save-run">
        <p>
          One file to send. Whoever drops it on their Slipway sees this grid, its timeline, summary
          and logs as you do; nothing can be built from it.
        </p>
        <label className="switch">
          <input
            type="checkbox"
            className="check"
            checked={hideNames}
            disabled={saving}
            onChange={(event) => setHideNames(event.target.checked)}
          />
          Leave out paths, host names and users
          <code className="hint">--hide-names</code>
        </label>
        <p className="soft">
          Logs say what compilers print. Read one before you send what is not to be known.
        </p>
        {saved && !saved.ok && <ProblemNote problem={saved.problem} />}
        <p className="soft" role="status">
          {saving ? 'Saving …' : savedText(saved)}
        </p>
      </div>
      <footer>
        <Button kind="primary" disabled={saving} onClick={() => void save()}>
          Save …
        </Button>
      </footer>
    </Dialog>
  )
}

function savedText(saved: Saved | null): string {
  if (!saved?.ok || !saved.value) return ''
  const { path, bytes } = saved.value
  return `Saved as ${path} (${Math.ceil(bytes / 1000).toLocaleString('en')} kB)`
}
