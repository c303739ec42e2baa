import { assertNever } from '../../src-core/model.ts'
import type { KeyPress } from '../../src-preload/key-bindings.ts'
import type { LogEditor } from '../log/log-editor.ts'
import { placeIn, placeOfDiagnosis, type SourcePlace } from '../log/place.ts'
import { nextStop, stopsOf } from '../log/stops.ts'
import { attempt } from '../state/attempt.ts'
import { useStores } from '../state/use-stores.ts'
import { type LogCommand, logCommand } from './build-keys.ts'
import { useBuildCommands } from './use-build-commands.ts'

/** What the keys do while the log has the focus; the letters are those of the grid. */
export function useBuildKeys(
  cell: number,
  editor: LogEditor | null,
  line: number,
  onClose: () => void,
) {
  const { boss, runs, build, actions, launch } = useStores()
  const commands = useBuildCommands(cell)

  const openPlace = async (place: SourcePlace) => {
    // The source of a run that came as a file is what the person has of it.
    const isOwn = runs.store.getState().sentAs === ''
    const { dir, tree } = launch.store.getState()
    const treeDir = isOwn ? (runs.run().request?.treeDir ?? '') : tree.status === 'ready' ? dir : ''
    if (treeDir === '') return actions.tell({ what: 'Open a tree with its source first', hint: '' })
    const request = boss.request('editor:open', { treeDir, ...place })
    const reply = await attempt(`${place.file} could not be opened`, request)
    if (!reply.ok) actions.tell(reply.problem)
  }
  const openLine = (at: number) => {
    const { diagnostics } = build.store.getState()
    const found = diagnostics.find((one) => one.logLine === at && one.file !== '')
    const text = editor?.lineText(at) ?? ''
    const place = (found && placeOfDiagnosis(found)) ?? placeIn(text)
    if (place) void openPlace(place)
  }
  const step = (by: 1 | -1) => {
    const stop = nextStop(stopsOf(build.store.getState().diagnostics), line, by)
    if (stop) editor?.goTo(stop.logLine)
  }
  const perform = (command: LogCommand): void => {
    switch (command) {
      case 'log-next-error':
        step(1)
        return
      case 'log-previous-error':
        step(-1)
        return
      case 'log-next-failing':
        commands.nextFailing(1)
        return
      case 'log-previous-failing':
        commands.nextFailing(-1)
        return
      case 'log-open-in-editor':
        openLine(line)
        return
      case 'log-copy-command':
        void commands.copyCommand()
        return
      case 'log-rerun':
        void commands.rerun()
        return
      case 'log-find-commit':
        commands.findCommit()
        return
      case 'log-terminal':
        void commands.openTerminal()
        return
      case 'log-close':
        onClose()
        document.querySelector<HTMLElement>('.grid-pane, .timeline-pane')?.focus()
        return
      default:
        assertNever(command)
    }
  }
  const press = (key: KeyPress): boolean => {
    const command = logCommand(key)
    if (command) perform(command)
    return command !== null
  }
  return { press, openLine, openPlace: (place: SourcePlace) => void openPlace(place) }
}
