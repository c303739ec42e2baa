import { listed, machineTitle, treeName } from '../../src-core/basics/words.ts'
import type { BuildMark } from '../../src-core/run/build-mark.ts'
import { commands } from '../../src-preload/commands.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import { useHistory, useRun, useStores } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { Tip } from '../ui/Tip.tsx'
import type { TableColumn } from '../ui/table/columns.ts'
import { Table } from '../ui/table/Table.tsx'
import { amountText, endWords, lengthText, searchText, whenText } from './history-list.ts'

/** The counts of a run, in the order in which a person asks. */
const countColumns: readonly {
  readonly key: keyof HistoryEntry['counts']
  readonly mark: BuildMark
}[] = [
  { key: 'failed', mark: 'failed' },
  { key: 'noBoot', mark: 'no boot' },
  { key: 'warnings', mark: 'warnings' },
  { key: 'ok', mark: 'ok' },
  { key: 'notBuilt', mark: 'not built' },
]

const columns: readonly TableColumn<HistoryEntry>[] = [
  {
    id: 'when',
    title: 'When',
    value: ({ startedAt }) => startedAt,
    text: ({ startedAt }) => whenText(startedAt),
    show: ({ startedAt }) => <span className="soft">{whenText(startedAt)}</span>,
    className: 'when',
  },
  {
    id: 'what',
    title: 'What',
    value: ({ title, treeDir }) => title || treeDir,
    show: (entry) => <What entry={entry} />,
    className: 'table-rest',
    isFixed: true,
  },
  {
    id: 'tree',
    title: 'Tree',
    value: ({ treeDir }) => treeDir,
    show: ({ treeDir }) => <span className="soft">{treeDir}</span>,
    className: 'tree',
    isExtra: true,
  },
  {
    id: 'boards',
    title: 'Boards',
    kind: 'number',
    value: ({ boards }) => boards,
    isExtra: true,
  },
  {
    id: 'commits',
    title: 'Commits',
    kind: 'number',
    value: ({ commits }) => commits,
    isExtra: true,
  },
  { id: 'end', title: 'Ended', value: endWords, isExtra: true },
  ...countColumns.map(
    ({ key, mark }): TableColumn<HistoryEntry> => ({
      id: key,
      title: mark,
      head: <StatusGlyph mark={mark} />,
      about: `Builds: ${mark}`,
      kind: 'number',
      value: ({ counts }) => counts[key],
      show: ({ counts }) =>
        counts[key] > 0 && <span data-state={mark}>{counts[key].toLocaleString('en')}</span>,
      className: 'count-of',
    }),
  ),
  {
    id: 'took',
    title: 'Took',
    kind: 'number',
    value: ({ startedAt, finishedAt }) => (finishedAt > 0 ? finishedAt - startedAt : ''),
    text: lengthText,
    show: lengthText,
    className: 'took',
  },
  {
    id: 'machines',
    title: 'Machines',
    value: ({ machines }) => machines.map(machineTitle).join(', '),
    show: ({ machines }) => <Machines machines={machines} />,
    className: 'machines',
  },
]

/** The runs that were found; a title opens its run, two ticks compare theirs. */
export function RunsTable({ entries }: { entries: readonly HistoryEntry[] }) {
  const shown = useRun((run) => run.runId)
  return (
    <Table
      name="history"
      label="Runs"
      className="history-table"
      isLong
      columns={columns}
      rows={entries}
      rowKey={({ runId }) => runId}
      tick={{ title: 'Compare', of: (entry) => <Tick entry={entry} /> }}
      tool={(entry) => <More entry={entry} />}
      look={({ runId }) => (runId === shown ? 'shown' : '')}
    />
  )
}

function Tick({ entry: { runId, title, startedAt } }: { entry: HistoryEntry }) {
  const { history } = useStores()
  const isTicked = useHistory((state) => state.chosen.includes(runId))
  return (
    <input
      type="checkbox"
      className="check"
      aria-label={`Compare ${title} of ${whenText(startedAt)}`}
      checked={isTicked}
      onChange={() => history.toggle(runId)}
    />
  )
}

function What({ entry }: { entry: HistoryEntry }) {
  const shown = useRun((run) => run.runId === entry.runId)
  const openRun = useOpenRun(entry.runId)
  const openSearch = useOpenSearch(entry.runId)
  const open = entry.search ? openSearch : openRun
  const { title, treeDir } = entry
  return (
    <>
      <Tip text={treeDir}>
        <button type="button" className="table-title" onClick={() => void open()}>
          {title || treeDir}
        </button>
      </Tip>
      <span className="soft">
        {' '}
        {[
          treeName(treeDir),
          ...(entry.search ? [searchText(entry)] : runWords(entry)),
          ...(shown ? ['shown now'] : []),
        ].join(', ')}
      </span>
    </>
  )
}

function runWords(entry: HistoryEntry): readonly string[] {
  const isWhole = entry.finishedAt !== 0 && !entry.cancelled
  return isWhole ? [amountText(entry)] : [amountText(entry), endWords(entry)]
}

function Machines({ machines }: { machines: readonly string[] }) {
  const titles = machines.map(machineTitle)
  return (
    <Tip text={titles.join(', ')}>
      <span>{listed(titles, 3)}</span>
    </Tip>
  )
}

function More({ entry: { runId, title, search } }: { entry: HistoryEntry }) {
  const { history, view, actions } = useStores()
  const open = useOpenRun(runId)
  const openSearch = useOpenSearch(runId)
  const forget = async () => {
    const reply = await history.forget(runId)
    if (!reply.ok) actions.tell(reply.problem)
  }
  return (
    <Menu kind="quiet" icon align="end" label={`More about ${title}`} button={<Icon name="more" />}>
      {search && <MenuItem onChoose={() => void openSearch()}>Open the search</MenuItem>}
      <MenuItem onChoose={() => void open()}>{search ? 'Open its builds' : 'Open'}</MenuItem>
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
  )
}

/** Shows a run in the grid. */
function useOpenRun(runId: string): () => Promise<void> {
  const { runs, view } = useStores()
  return async () => {
    if (runs.run().runId !== runId) await runs.showOld(runId)
    view.change({ tab: 'grid' })
  }
}

/** Shows the search that a run was built for. */
function useOpenSearch(runId: string): () => Promise<void> {
  const { bisect, view, actions } = useStores()
  return async () => {
    const opened = await bisect.open(runId)
    if (opened.ok) view.change({ tab: 'bisect' })
    else actions.tell(opened.problem)
  }
}
