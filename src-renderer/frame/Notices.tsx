import { problemText } from '../../src-core/result.ts'
import { useActions, useRun, useSettings, useStores, useUpdate } from '../state/use-stores.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { IconButton } from '../ui/controls.tsx'

/** What a person should know that belongs to no place in the window: one line each, to be closed. */
export function Notices() {
  const { actions, settings } = useStores()
  const problem = useActions((state) => state.problem)
  const warnings = useSettings((state) => state.warnings)
  return (
    <div className="notices">
      {problem && <Notice text={problemText(problem)} onClose={actions.dismiss} />}
      {warnings.length > 0 && (
        <Notice text={warnings.join(' ')} onClose={settings.dismissWarnings} />
      )}
      <UpdateLine />
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

/** That there is a newer version, for whoever wants to be told. */
function UpdateLine() {
  const { update } = useStores()
  const found = useUpdate((state) => state.found)
  const dismissed = useUpdate((state) => state.dismissed)
  if (dismissed || found.status !== 'ready' || !found.value) return null
  const { version, url } = found.value
  return (
    <div className="notice quiet-notice" role="status">
      <p>
        Slipway {version} is there{url !== '' && <span className="soft">: {url}</span>}
      </p>
      {url !== '' && <CopyButton label="Copy address" quiet text={() => url} />}
      <IconButton name="Close" icon="close" onClick={update.dismiss} />
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
