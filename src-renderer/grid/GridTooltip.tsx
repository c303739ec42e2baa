import { reasonText } from '../../src-core/basics/words.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import { lastTimeOf } from '../state/run/last-times-store.ts'
import { useCells } from '../state/run/use-cells.ts'
import { useLastTimes } from '../state/use-stores.ts'
import { useBesidePointer } from '../ui/beside-pointer.ts'
import { bytesText, durationText } from '../words.ts'
import { BuildFaults } from './BuildFaults.tsx'
import { againstText, describeCell } from './model/describe-cell.ts'

/** The one tooltip of the grid, beside the pointer and inside the window. */
export function GridTooltip({ cell, x, y }: { cell: number; x: number; y: number }) {
  const run = useCells([cell])
  const times = useLastTimes((state) => state.times)
  const tip = useBesidePointer(x, y)
  const build = describeCell(run, cell, Date.now())
  if (!build) return null
  const against = againstText(lastTimeOf(times, cell, build.state))
  return (
    <div ref={tip} className="grid-tooltip" role="tooltip">
      <p className="title">
        <StatusGlyph mark={build.mark} />
        <strong>{build.board}</strong>
        <span>{build.arch}</span>
      </p>
      {build.commit && <p className="soft cut">{build.commit}</p>}
      <p>
        {build.words}
        {build.machine && <span className="soft"> on {build.machine}</span>}
      </p>
      {(build.seconds > 0 || against) && (
        <p>
          {build.seconds > 0 && (
            <>
              {build.state === 'building' && 'for '}
              {durationText(build.seconds)}
            </>
          )}
          {against && <span className="soft">{build.seconds > 0 ? `, ${against}` : against}</span>}
        </p>
      )}
      {build.asBefore && <p>{build.asBefore}</p>}
      {build.reason && <p>{reasonText(build.reason)}</p>}
      {build.before && <p className="soft">before: {build.before}</p>}
      {build.lostBy && <p className="soft">first begun on {build.lostBy}, which went away</p>}
      {build.proof && <p>{build.proof}</p>}
      {build.said.map((said) => (
        <p key={said} className="soft">
          {said}
        </p>
      ))}
      {build.sizeChange !== 0 && (
        <p className="soft">{bytesText(build.sizeChange)} against the commit before</p>
      )}
      <BuildFaults cell={cell} build={build} />
    </div>
  )
}
