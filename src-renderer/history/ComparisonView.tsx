import { useMemo, useState } from 'react'
import { plural, signed } from '../../src-core/basics/words.ts'
import { byArch } from '../../src-core/reports/run-report.ts'
import {
  type BoardChange,
  type CompareClass,
  compareClasses,
  notComparable,
} from '../../src-core/summary/boards.ts'
import type { Parts } from '../../src-core/summary/sizes.ts'
import type { Summary } from '../../src-core/summary/summary.ts'
import type { Loadable } from '../state/attempt.ts'
import type { Comparison } from '../state/history-store.ts'
import { useStores } from '../state/use-stores.ts'
import { toggled } from '../state/view-store.ts'
import { BoardLinks } from '../summary/BoardLinks.tsx'
import { FaultList } from '../summary/FaultList.tsx'
import { Button, Empty, ProblemNote, Working } from '../ui/controls.tsx'
import { Tip } from '../ui/Tip.tsx'
import type { TableColumn } from '../ui/table/columns.ts'
import { Table } from '../ui/table/Table.tsx'
import { amountText, whenText } from './history-list.ts'

/** What each class means between two runs. */
const meaning: Record<CompareClass, string> = {
  regression: 'built in the older run, fails in the newer one',
  fixed: 'failed in the older run, built in the newer one',
  'new failure': 'fails in the newer run, was not built in the older one',
  'still failing': 'fails in both',
  'new pass': 'built in the newer run, was not in the older one',
  appeared: 'only in the newer run',
  disappeared: 'only in the older run',
}

/** How two runs differ: the newer one's last commit against the older one's. */
export function ComparisonView({
  comparison,
}: {
  comparison: Exclude<Loadable<Comparison>, { status: 'idle' }>
}) {
  const { history } = useStores()
  return (
    <div className="report-view summary-view">
      <header className="comparison-head">
        <Button onClick={() => history.closeComparison()}>Back to the history</Button>
      </header>
      {comparison.status === 'loading' && <Working what="Opening both runs …" />}
      {comparison.status === 'failed' && (
        <Empty title="The runs can't be compared">
          <ProblemNote problem={comparison.problem} />
        </Empty>
      )}
      {comparison.status === 'ready' && <Difference {...comparison.value} />}
    </div>
  )
}

function Difference({ before, now, summary, upto }: Comparison) {
  const { runs, view } = useStores()
  const open = async (board: string) => {
    if (runs.run().runId !== now.runId) await runs.showOld(now.runId)
    const index = runs.run().boardIndex.get(board)
    if (index !== undefined) view.openLog(index * runs.run().commits.length + upto)
  }
  const faults = summary.lines.map((change) => ({ change, upto, note: '' }))
  return (
    <>
      <h2>
        {now.title} of {whenText(now.startedAt)} against {before.title} of{' '}
        {whenText(before.startedAt)}
      </h2>
      <p className="soft">
        {amountText(now)} against {amountText(before)}
        {(before.commits > 1 || now.commits > 1) && ', each at its last commit'}
      </p>
      <Classes summary={summary} onOpen={(board) => void open(board)} />
      <NotBuilt summary={summary} onOpen={(board) => void open(board)} />
      {faults.length > 0 && (
        <section>
          <h3>First errors that came and went</h3>
          <FaultList faults={faults} onOpen={(board) => void open(board)} />
        </section>
      )}
      <Sizes summary={summary} />
    </>
  )
}

function Classes({ summary, onOpen }: { summary: Summary; onOpen: (board: string) => void }) {
  const [wished, setWished] = useState<ReadonlySet<CompareClass>>(new Set())
  const groups = compareClasses
    .map((name) => ({ name, boards: summary.boards.filter(({ change }) => change === name) }))
    .filter(({ boards }) => boards.length > 0)
  if (groups.length === 0) {
    return (
      <section>
        <h3>
          {notComparable(summary.boards).length > 0
            ? 'No outcome differs among the boards that both runs built'
            : "No board's outcome differs"}
        </h3>
      </section>
    )
  }
  const shown = groups.filter(({ name }) => wished.size === 0 || wished.has(name))
  return (
    <section>
      <h3>Boards that fare otherwise</h3>
      <fieldset className="comparison-chips" aria-label="How boards differ">
        {groups.map(({ name, boards }) => (
          <Tip key={name} text={meaning[name]}>
            <button
              type="button"
              className="chip"
              aria-pressed={wished.has(name)}
              onClick={() => setWished(toggled(wished, name))}
            >
              {name} <span className="count">{boards.length.toLocaleString('en')}</span>
            </button>
          </Tip>
        ))}
      </fieldset>
      {shown.map(({ name, boards }) => (
        <div key={name}>
          <h4>
            {name}: {plural(boards.length, 'board')} <span className="soft">{meaning[name]}</span>
          </h4>
          <ArchBoards boards={boards} onOpen={onOpen} />
        </div>
      ))}
    </section>
  )
}

/** A board that is in both runs and was not built says nothing, which is no agreement. */
function NotBuilt({ summary, onOpen }: { summary: Summary; onOpen: (board: string) => void }) {
  const boards = notComparable(summary.boards)
  if (boards.length === 0) return null
  return (
    <section>
      <h3>Not built in the newer run: {plural(boards.length, 'board')}</h3>
      <p className="soft">Whether they fare otherwise is not known.</p>
      <ArchBoards boards={boards} onOpen={onOpen} />
    </section>
  )
}

function ArchBoards({
  boards,
  onOpen,
}: {
  boards: readonly BoardChange[]
  onOpen: (board: string) => void
}) {
  return (
    <dl className="arch-boards">
      {[...byArch(boards)].map(([arch, targets]) => (
        <div key={arch}>
          <dt>{arch || 'no architecture'}</dt>
          <dd>
            <BoardLinks boards={targets} onOpen={onOpen} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

type SizeChange = {
  readonly arch: string
  readonly boards: number
  readonly image: string
  readonly delta: Parts
}

function partColumn(name: keyof Parts, title: string): TableColumn<SizeChange> {
  return {
    id: name,
    title,
    kind: 'number',
    value: ({ delta }: SizeChange) => delta[name],
    show: ({ delta }: SizeChange) => signed(delta[name]),
  }
}

const sizeColumns: readonly TableColumn<SizeChange>[] = [
  { id: 'arch', title: 'architecture', kind: 'row head', value: ({ arch }) => arch, isFixed: true },
  { id: 'boards', title: 'boards', kind: 'number', value: ({ boards }) => boards },
  { id: 'image', title: 'image', value: ({ image }) => image },
  partColumn('all', 'mean change, bytes'),
  partColumn('text', 'text'),
  partColumn('rodata', 'rodata'),
  partColumn('data', 'data'),
  partColumn('bss', 'bss'),
]

function Sizes({ summary: { sizes } }: { summary: Summary }) {
  const rows = useMemo(
    () =>
      sizes.flatMap(({ arch, compared, mean }) =>
        mean.map(({ image, delta }): SizeChange => ({ arch, boards: compared, image, delta })),
      ),
    [sizes],
  )
  if (rows.length === 0) return null
  return (
    <section>
      <h3>Sizes</h3>
      <Table
        name="compared-sizes"
        label="Sizes"
        columns={sizeColumns}
        rows={rows}
        rowKey={({ arch, image }) => `${arch} ${image}`}
      />
    </section>
  )
}
