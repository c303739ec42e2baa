import { problemText } from '../../src-core/result.ts'
import { useGoOn } from '../bisect/use-go-on.ts'
import {
  useActions,
  useBisect,
  useRun,
  useSettings,
  useStores,
  useUpdate,
} from '../state/use-stores.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Button, IconButton } from '../ui/controls.tsx'

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
      <BrokenOffSearch />
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

/** That a search for a commit can go on which this program, or one before it, did not end. */
function BrokenOffSearch() {
  const { bisect, view } = useStores()
  const isOffered = useBisect((state) => state.isOffered)
  const search = useBisect((state) => state.search)
  const goOn = useGoOn()
  if (!isOffered || !search) return null
  const show = () => {
    bisect.leaveOffer()
    view.change({ tab: 'bisect' })
  }
  return (
    <div className="notice quiet-notice" role="status">
      <p>
        A search for a commit in <code>{search.range}</code> was broken off
      </p>
      <Button kind="quiet" onClick={show}>
        Show it
      </Button>
      <Button onClick={() => void goOn(true)}>Go on</Button>
      <IconButton name="Close" icon="close" onClick={() => bisect.leaveOffer()} />
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
