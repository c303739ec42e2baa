import { listed, machineTitle, treeName } from '../../src-core/basics/words.ts'
import type { BuildMark } from '../../src-core/run/build-mark.ts'
import { commands } from '../../src-preload/commands.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { useRun, useStores } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { amountText, endWords, lengthText, whenText } from './history-list.ts'

/** The counts of a run, in the order in which a person asks. */
export const countColumns: readonly {
  readonly key: keyof HistoryEntry['counts']
  readonly mark: BuildMark
}[] = [
  { key: 'failed', mark: 'failed' },
  { key: 'noBoot', mark: 'no boot' },
  { key: 'warnings', mark: 'warnings' },
  { key: 'ok', mark: 'ok' },
  { key: 'notBuilt', mark: 'not built' },
]

/** One run; its title opens it. */
export function HistoryRow({ entry, ticked }: { entry: HistoryEntry; ticked: boolean }) {
  const { history, runs, view, actions } = useStores()
  const shown = useRun((run) => run.runId === entry.runId)
  const { title, treeDir, counts, machines, runId } = entry
  const open = async () => {
    if (!shown) await runs.showOld(runId)
    view.change({ tab: 'grid' })
  }
  const forget = async () => {
    const reply = await history.forget(runId)
    if (!reply.ok) actions.tell(reply.problem)
  }
  return (
    <tr data-shown={shown || undefined}>
      <td>
        <input
          type="checkbox"
          className="check"
          aria-label={`Compare ${title} of ${whenText(entry.startedAt)}`}
          checked={ticked}
          onChange={() => history.toggle(runId)}
        />
      </td>
      <td className="soft">{whenText(entry.startedAt)}</td>
      <td className="what">
        <button type="button" className="history-title" title={treeDir} onClick={() => void open()}>
          {title || treeDir}
        </button>
        <span className="soft">
          {' '}
          {[
            treeName(treeDir),
            amountText(entry),
            ...(entry.finishedAt === 0 || entry.cancelled ? [endWords(entry)] : []),
            ...(shown ? ['shown now'] : []),
          ].join(', ')}
        </span>
      </td>
      {countColumns.map(({ key, mark }) => (
        <td key={key} className="number" data-state={mark}>
          {counts[key] > 0 && counts[key].toLocaleString('en')}
        </td>
      ))}
      <td className="number">{lengthText(entry)}</td>
      <td className="machines" title={machines.map(machineTitle).join(', ')}>
        {listed(machines.map(machineTitle), 3)}
      </td>
      <td>
        <Menu
          kind="quiet"
          icon
          align="end"
          label={`More about ${title}`}
          button={<Icon name="more" />}
        >
          <MenuItem onChoose={() => void open()}>Open</MenuItem>
          <MenuItem onChoose={() => view.openDialog({ name: 'save-report', runId })}>
            {commands['save-report'].title}
          </MenuItem>
          <MenuItem onChoose={() => view.openDialog({ name: 'save-run', runId })}>
            {commands['save-run'].title}
          </MenuItem>
          <MenuItem onChoose={() => void forget()} hint="results stay on disk">
            Take out of the history
          </MenuItem>
        </Menu>
      </td>
    </tr>
  )
}
