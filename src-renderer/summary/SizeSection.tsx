import { useMemo } from 'react'
import { signed } from '../../src-core/basics/words.ts'
import { type RunReport, sizeSeries, wholeGrowth } from '../../src-core/reports/run-report.ts'
import type { TableColumn } from '../ui/table/columns.ts'
import { Table } from '../ui/table/Table.tsx'
import { commitId } from './CommitSection.tsx'
import { SizeChart } from './SizeChart.tsx'

/** Sizes of `u-boot` by architecture: how large, and how the series changed them. */
export function SizeSection({ report }: { report: RunReport }) {
  const columns = useMemo(() => sizeColumns(report), [report])
  if (report.sizes.length === 0) return null
  const series = sizeSeries(report.commits)
  const commits = report.commits.map(({ commit }) => commit)
  const deltas = commits.length > 1
  const isMore = report.commits.some(({ sizes }) =>
    sizes.some(({ details }) => details.some(({ spans }) => spans !== undefined)),
  )
  return (
    <section>
      <h3>Size of u-boot</h3>
      {deltas && series.size > 0 && <SizeChart commits={commits} series={series} />}
      {deltas && series.size === 0 && !isMore && (
        <p className="soft">No commit changed the size of any board.</p>
      )}
      {deltas && isMore && (
        <p className="soft">
          What boards gained while they could not be built is of no single commit: it counts for the
          whole series alone.
        </p>
      )}
      <Table
        name="sizes"
        label="Sizes in bytes by architecture"
        columns={columns}
        rows={report.sizes}
        rowKey={({ arch }) => arch}
      />
    </section>
  )
}

type ArchSize = RunReport['sizes'][number]

function sizeColumns(report: RunReport): readonly TableColumn<ArchSize>[] {
  const series = sizeSeries(report.commits)
  const growth = wholeGrowth(report.commits)
  const commits = report.commits.map(({ commit }) => commit)
  const whole = ({ arch }: ArchSize) => growth.get(arch) ?? 0
  const byCommit = commits.flatMap(({ upto, hash, subject }, index): TableColumn<ArchSize>[] => {
    const bytes = ({ arch }: ArchSize) => series.get(arch)?.[index] ?? 0
    if (!report.sizes.some((row) => bytes(row) !== 0)) return []
    return [
      {
        id: hash,
        title: hash.slice(0, 8),
        about: subject,
        kind: 'number',
        value: bytes,
        show: (row) =>
          bytes(row) !== 0 && (
            <button type="button" className="launch-link" onClick={() => showCommit(upto)}>
              {signed(bytes(row))}
            </button>
          ),
      },
    ]
  })
  return [
    {
      id: 'arch',
      title: 'architecture',
      kind: 'row head',
      value: ({ arch }) => arch,
      isFixed: true,
    },
    { id: 'boards', title: 'boards', kind: 'number', value: ({ boards }) => boards },
    { id: 'mean', title: 'mean, bytes', kind: 'number', value: ({ mean }) => Math.round(mean) },
    ...(commits.length > 1
      ? [
          {
            id: 'series',
            title: 'whole series',
            kind: 'number' as const,
            value: whole,
            show: (row: ArchSize) => (whole(row) === 0 ? '0' : signed(whole(row))),
          },
        ]
      : []),
    ...byCommit,
    { id: 'board', title: 'largest board', value: ({ largest }) => largest.board },
    {
      id: 'bytes',
      title: 'its bytes',
      kind: 'number',
      value: ({ largest }) => largest.bytes,
    },
  ]
}

/** The commit's own section, further up. */
function showCommit(upto: number): void {
  document.getElementById(commitId(upto))?.scrollIntoView({ block: 'start' })
}
