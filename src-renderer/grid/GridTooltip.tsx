import { useLayoutEffect, useRef } from 'react'
import { useRun, useStores } from '../state/use-stores.ts'
import { bytesText, describeCell, durationText } from './describe.ts'
import { StatusGlyph } from './StatusGlyph.tsx'
import type { Hover } from './use-hover.ts'

/** The one tooltip of the grid, beside the pointer and inside the window. */
export function GridTooltip({ hover }: { hover: Hover }) {
  const { runs } = useStores()
  useRun((run) => run.version)
  const tip = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = tip.current
    if (!element) return
    const { width, height } = element.getBoundingClientRect()
    const right = hover.x + 14 + width > window.innerWidth
    const below = hover.y + 18 + height > window.innerHeight
    element.style.left = `${Math.max(4, right ? hover.x - width - 10 : hover.x + 14)}px`
    element.style.top = `${Math.max(4, below ? hover.y - height - 10 : hover.y + 18)}px`
  })
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
