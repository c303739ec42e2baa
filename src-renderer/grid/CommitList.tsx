import { commitNumber } from '../../src-core/model.ts'
import { useGrid, useRun, useStores } from '../state/use-stores.ts'
import { Tip } from '../ui/Tip.tsx'

/**
 * The commits of a series with what each broke and fixed, beside a matrix that leaves room for them. The one
 * under the pointer is marked here and there.
 */
export function CommitList({
  left,
  marked,
  onMark,
}: {
  /** CSS pixels from the left end of the frame. */
  left: number
  /** -1 for none. */
  marked: number
  onMark: (upto: number) => void
}) {
  const { runs } = useStores()
  useRun((run) => run.shape)
  const feet = useGrid((grid) => grid.feet)
  return (
    <ol
      className="series-list"
      aria-label="Commits of the series"
      style={{ left }}
      onPointerLeave={() => onMark(-1)}
    >
      {runs.run().commits.map((commit) => (
        <Tip key={commit.upto} text={`${commit.hash.slice(0, 12)} ${commit.subject}`}>
          <li
            data-marked={commit.upto === marked || undefined}
            onPointerEnter={() => onMark(commit.upto)}
          >
            <span className="number">{commitNumber(commit)}</span>
            <span className="subject">{commit.subject || commit.hash.slice(0, 12)}</span>
            <Count count={feet.broken[commit.upto] ?? 0} what="broken" />
            <Count count={feet.fixed[commit.upto] ?? 0} what="fixed" />
          </li>
        </Tip>
      ))}
    </ol>
  )
}

function Count({ count, what }: { count: number; what: 'broken' | 'fixed' }) {
  if (count === 0) return null
  return (
    <span className="count" data-what={what}>
      {count.toLocaleString('en')} {what}
    </span>
  )
}
