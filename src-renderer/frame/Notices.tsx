import { useActions, useRun, useSettings, useStores } from '../state/use-stores.ts'
import { IconButton } from '../ui/controls.tsx'

/** What a person should know that belongs to no place in the window: one line each, to be closed. */
export function Notices() {
  const { actions, settings } = useStores()
  const problem = useActions((state) => state.problem)
  const warnings = useSettings((state) => state.warnings)
  return (
    <div className="notices">
      {problem && (
        <Notice text={`${problem.what} ${problem.hint}`.trim()} onClose={actions.dismiss} />
      )}
      {warnings.length > 0 && (
        <Notice text={warnings.join(' ')} onClose={settings.dismissWarnings} />
      )}
      <RunNotes />
    </div>
  )
}

function Notice({ text, onClose }: { text: string; onClose: () => void }) {
  return (
    <div className="notice" role="alert">
      <p>{text}</p>
      <IconButton name="Close" icon="close" onClick={onClose} />
    </div>
  )
}

/** The newest warning or error of the run itself. */
function RunNotes() {
  const notes = useRun((run) => run.notes)
  const live = useRun((run) => run.status === 'running')
  const note = notes.findLast(({ level }) => level !== 'info')
  if (!note || !live) return null
  return (
    <p className="notice" role="status">
      {note.machine && <b>{note.machine}: </b>}
      {note.text}
    </p>
  )
}
