import { lazy, type PointerEvent, Suspense, useState } from 'react'
import { useStores, useView } from '../state/use-stores.ts'
import { Working } from '../ui/controls.tsx'

const lowest = 120

/** With the log comes an editor: it is loaded when the first log is opened. */
const BuildDetail = lazy(async () => ({
  default: (await import('../detail/BuildDetail.tsx')).BuildDetail,
}))

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
      <Suspense fallback={<Working what="Opening …" />}>
        <BuildDetail cell={cell} onClose={() => view.change({ detail: -1 })} />
      </Suspense>
    </section>
  )
}

function highest(): number {
  return Math.max(lowest, Math.round(window.innerHeight * 0.7))
}

function within(height: number): number {
  return Math.min(highest(), Math.max(lowest, Math.round(height)))
}
