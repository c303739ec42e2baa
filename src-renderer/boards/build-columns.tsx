import { machineTitle, signed } from '../../src-core/basics/words.ts'
import { type Board, commitNumber } from '../../src-core/model.ts'
import { markOf } from '../../src-core/run/build-mark.ts'
import { type RunState, stateOf } from '../../src-core/run/run-state.ts'
import { sizeChange } from '../grid/painting/grid-scene.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import type { TableColumn } from '../ui/table/columns.ts'
import { durationText } from '../words.ts'

/** A build, by its cell in the run: what there is to say of it is read from there. */
export type BuildRow = { readonly cell: number }

/** Seconds that it took; nothing for one that has not ended. */
function took(run: RunState, cell: number): number | '' {
  const state = stateOf(run, cell)
  const isUnderWay = state === 'building' || state === 'being checked' || state === 'queued'
  const seconds = run.cells.seconds[cell] ?? 0
  return isUnderWay || seconds <= 0 ? '' : seconds
}

/** Zero where nothing is known of its size. */
function bytes(run: RunState, cell: number): number | '' {
  return run.cells.bytes[cell] || ''
}

function says(run: RunState, cell: number): string {
  const detail = run.details.get(cell)
  return detail?.reason || detail?.firstErrors[0] || ''
}

/**
 * What the table of builds shows.
 *
 * @param runOf the run as it is now
 * @param commits with more than one each build has its own
 * @param open shows a build's log
 */
export function buildColumns(
  runOf: () => RunState,
  commits: number,
  open: (cell: number) => void,
): readonly TableColumn<BuildRow>[] {
  const boardOf = (cell: number): Board | undefined =>
    runOf().boards[Math.floor(cell / Math.max(1, commits))]
  const commitOf = (cell: number) => runOf().commits[cell % Math.max(1, commits)]
  const count = (id: 'errors' | 'warnings' | 'tries', title: string): TableColumn<BuildRow> => ({
    id,
    title,
    kind: 'number',
    value: ({ cell }) => runOf().cells[id][cell] ?? 0,
    show: ({ cell }) => runOf().cells[id][cell] || '',
    ...(id === 'tries' && { isExtra: true }),
  })
  const fact = (id: 'vendor' | 'soc' | 'cpu', title: string): TableColumn<BuildRow> => ({
    id,
    title,
    value: ({ cell }) => boardOf(cell)?.[id] ?? '',
    isExtra: true,
  })
  return [
    {
      id: 'board',
      title: 'Board',
      kind: 'row head',
      value: ({ cell }) => boardOf(cell)?.target ?? '',
      show: ({ cell }) => (
        <button type="button" className="table-title" onClick={() => open(cell)}>
          {boardOf(cell)?.target}
        </button>
      ),
      className: 'board',
      isFixed: true,
    },
    ...(commits > 1
      ? [
          {
            id: 'commit',
            title: 'Commit',
            value: ({ cell }: BuildRow) => commitOf(cell)?.upto ?? 0,
            text: ({ cell }: BuildRow) => commitOf(cell)?.hash ?? '',
            show: ({ cell }: BuildRow) => <CommitName commit={commitOf(cell)} />,
            className: 'commit',
          },
        ]
      : []),
    {
      id: 'arch',
      title: 'Architecture',
      value: ({ cell }) => boardOf(cell)?.arch ?? '',
      className: 'arch soft',
    },
    fact('cpu', 'CPU'),
    fact('soc', 'SoC'),
    fact('vendor', 'Vendor'),
    {
      id: 'outcome',
      title: 'Outcome',
      value: ({ cell }) => markOf(runOf(), cell),
      show: ({ cell }) => (
        <span className="outcome">
          <StatusGlyph mark={markOf(runOf(), cell)} />
          {markOf(runOf(), cell)}
        </span>
      ),
      className: 'outcome-of',
    },
    {
      id: 'machine',
      title: 'Machine',
      value: ({ cell }) =>
        machineTitle(runOf().machines[(runOf().cells.machine[cell] ?? 0) - 1]?.name ?? ''),
      className: 'machine-of',
    },
    {
      id: 'took',
      title: 'Took',
      kind: 'number',
      value: ({ cell }) => took(runOf(), cell),
      show: ({ cell }) => {
        const seconds = took(runOf(), cell)
        return seconds === '' ? '' : durationText(seconds)
      },
      className: 'took',
    },
    count('errors', 'Errors'),
    count('warnings', 'Warnings'),
    {
      id: 'bytes',
      title: 'Bytes',
      kind: 'number',
      value: ({ cell }) => bytes(runOf(), cell),
      className: 'bytes',
    },
    ...(commits > 1
      ? [
          {
            id: 'change',
            title: 'Change',
            kind: 'number' as const,
            value: ({ cell }: BuildRow) => sizeChange(runOf(), cell),
            show: ({ cell }: BuildRow) => {
              const change = sizeChange(runOf(), cell)
              return change === 0 ? '' : signed(change)
            },
          },
        ]
      : []),
    count('tries', 'Attempts'),
    {
      id: 'says',
      title: 'First error, or why not',
      value: ({ cell }) => says(runOf(), cell),
      show: ({ cell }) => <span className="mono">{says(runOf(), cell)}</span>,
      className: 'table-rest soft',
    },
  ]
}

function CommitName({ commit }: { commit: RunState['commits'][number] | undefined }) {
  if (!commit) return null
  return (
    <>
      {commitNumber(commit)} <code className="soft">{commit.hash.slice(0, 8)}</code>
    </>
  )
}
