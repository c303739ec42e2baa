import { useState } from 'react'
import type { Problem } from '../../src-core/result.ts'
import { useRun, useStores } from '../state/use-stores.ts'
import { ProblemNote } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { type ReportForm, saveReport } from './save-report.ts'

/** Each form, whom it is for, and the flag that writes the same in the terminal. */
const forms: readonly {
  readonly form: ReportForm
  readonly name: string
  readonly about: string
  readonly flag?: string
}[] = [
  { form: 'html', name: 'Web page', about: 'one file for any browser', flag: '--report' },
  { form: 'txt', name: 'Text', about: 'for a reply by mail' },
  { form: 'junit', name: 'JUnit XML', about: 'for CI: a test case a build', flag: '--junit' },
  { form: 'sarif', name: 'SARIF', about: 'for code scanning: a result a problem', flag: '--sarif' },
  {
    form: 'trace',
    name: 'Trace',
    about: 'when each slot built what, for Perfetto',
    flag: '--trace',
  },
  { form: 'picture', name: 'Picture of the grid', about: 'PNG' },
]

/** In which form a run is to be saved; stays open, since one may want several. */
export function SaveReportDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const stores = useStores()
  const shown = useRun((run) => run.runId === runId)
  const [saving, setSaving] = useState<ReportForm | null>(null)
  const [saved, setSaved] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const save = async (form: ReportForm) => {
    setSaving(form)
    setSaved('')
    setProblem(null)
    const result = await saveReport(stores, runId, form)
    setSaving(null)
    if (!result.ok) setProblem(result.problem)
    else if (result.value !== null) setSaved(`Saved as ${result.value}`)
  }
  return (
    <Dialog title="Save a report" onClose={onClose}>
      <div className="dialog-body save-report">
        {forms
          .filter(({ form }) => form !== 'picture' || shown)
          .map(({ form, name, about, flag }) => (
            <button
              key={form}
              type="button"
              className="menu-item"
              disabled={saving !== null}
              onClick={() => void save(form)}
            >
              <span>
                {name} <span className="soft">{about}</span>
              </span>
              {flag !== undefined && <code className="hint">{flag}</code>}
            </button>
          ))}
        {problem && <ProblemNote problem={problem} />}
        <p className="soft" role="status">
          {saving !== null ? 'Saving …' : saved}
        </p>
      </div>
    </Dialog>
  )
}
