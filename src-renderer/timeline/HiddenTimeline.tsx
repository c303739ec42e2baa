import { memo } from 'react'
import { useRun, useStores, useTimeline } from '../state/use-stores.ts'
import { attemptLabel } from './lanes/describe-attempt.ts'

export function hiddenAttemptId(index: number): string {
  return `attempt-${index}`
}

/** What the canvas shows at the keys' place, in words, for assistive technology and tests. */
export const HiddenTimeline = memo(function HiddenTimeline() {
  const { runs, timeline } = useStores()
  const focused = useTimeline((state) => state.focused)
  useRun((run) => run.version)
  if (focused < 0) return null
  const lane = timeline
    .lanes()
    .flat()
    .find((own) => own.includes(focused))
  const place = lane?.indexOf(focused) ?? 0
  const near = lane?.slice(Math.max(0, place - 1), place + 2) ?? []
  return (
    <div className="hidden-visually">
      <div role="row" tabIndex={-1}>
        {near.map((index) => (
          <span
            key={index}
            id={hiddenAttemptId(index)}
            role="gridcell"
            tabIndex={-1}
            aria-selected={index === focused}
          >
            {attemptLabel(runs.run(), index)}
          </span>
        ))}
      </div>
    </div>
  )
})
