import { type PointerEvent, useState } from 'react'
import { BuildDetail } from '../detail/BuildDetail.tsx'
import { useStores, useView } from '../state/use-stores.ts'

const lowest = 120

/** Below the view: one build in detail. Its upper edge can be dragged, and moved with the arrow keys. */
export function DetailDock() {
  const { view } = useStores()
  const cell = useView((state) => state.detail)
  const [height, setHeight] = useState(() => within(window.innerHeight * 0.42))
  if (cell < 0) return null

  const drag = (event: PointerEvent<HTMLHRElement>) => {
    const from = event.clientY
    const handle = event.currentTarget
    handle.setPointerCapture(event.pointerId)
    const move = (now: globalThis.PointerEvent) => setHeight(within(height + from - now.clientY))
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () =>
      handle.removeEventListener('pointermove', move),
    )
  }
  return (
    <section className="detail-dock" aria-label="Build" style={{ height }}>
      <hr
        className="detail-handle"
        aria-orientation="horizontal"
        aria-label="Height of the details"
        aria-valuenow={height}
        aria-valuemin={lowest}
        aria-valuemax={highest()}
        tabIndex={0}
        onPointerDown={drag}
        onKeyDown={(event) => {
          if (event.key === 'ArrowUp') setHeight(within(height + 24))
          if (event.key === 'ArrowDown') setHeight(within(height - 24))
        }}
      />
      <BuildDetail cell={cell} onClose={() => view.change({ detail: -1 })} />
    </section>
  )
}

function highest(): number {
  return Math.max(lowest, Math.round(window.innerHeight * 0.7))
}

function within(height: number): number {
  return Math.min(highest(), Math.max(lowest, Math.round(height)))
}
