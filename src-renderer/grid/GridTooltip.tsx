import { useRun, useStores } from '../state/use-stores.ts'
import { useBesidePointer } from '../ui/beside-pointer.ts'
import { bytesText, describeCell, durationText } from './describe.ts'
import { StatusGlyph } from './StatusGlyph.tsx'
import type { Hover } from './use-hover.ts'

/** The one tooltip of the grid, beside the pointer and inside the window. */
export function GridTooltip({ hover }: { hover: Hover }) {
  const { runs } = useStores()
  useRun((run) => run.version)
  const tip = useBesidePointer(hover.x, hover.y)
  const build = describeCell(runs.run(), hover.cell, Date.now())
  if (!build) return null
  return (
    <div ref={tip} className="grid-tooltip" role="tooltip">
      <p className="title">
        <StatusGlyph state={build.state} />
        <strong>{build.board}</strong>
        <span>{build.arch}</span>
      </p>
      {build.commit && <p className="soft cut">{build.commit}</p>}
      <p>
        {build.words}
        {build.machine && <span className="soft"> on {build.machine}</span>}
        {build.seconds > 0 && (
          <span className="soft">
            , {build.state === 'building' ? 'for ' : ''}
            {durationText(build.seconds)}
          </span>
        )}
      </p>
      {build.reason && <p>{build.reason}</p>}
      {build.lostBy && <p className="soft">first begun on {build.lostBy}, which went away</p>}
      {build.sizeChange !== 0 && (
        <p className="soft">{bytesText(build.sizeChange)} against the commit before</p>
      )}
      {build.firstErrors.length > 0 && <pre>{build.firstErrors.slice(0, 3).join('\n')}</pre>}
    </div>
  )
}
