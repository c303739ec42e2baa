import { plural, signed } from '../../src-core/basics/words.ts'
import { useGrid, useStores } from '../state/use-stores.ts'
import { useBesidePointer } from '../ui/beside-pointer.ts'
import { columnFacts } from './model/describe-cell.ts'

/** What a commit did, where the pointer rests on the head or foot of its column. */
export function ColumnTooltip({ upto, x, y }: { upto: number; x: number; y: number }) {
  const { runs } = useStores()
  const feet = useGrid((grid) => grid.feet)
  const tip = useBesidePointer(x, y)
  const facts = columnFacts(runs.run(), feet, upto)
  if (!facts) return null
  return (
    <div ref={tip} className="grid-tooltip" role="tooltip">
      <p className="title">
        <strong>{facts.subject || 'Without a subject'}</strong>
      </p>
      <p className="soft">{facts.commit}</p>
      <p>{facts.counts}</p>
      {facts.sizes.length > 0 && (
        <table>
          <caption>Mean change of u-boot, bytes</caption>
          <tbody>
            {facts.sizes.map(({ arch, mean, boards }) => (
              <tr key={arch}>
                <th scope="row">{arch}</th>
                <td className="number">{mean === 0 ? '0' : signed(mean)}</td>
                <td className="soft">{plural(boards, 'board')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}
