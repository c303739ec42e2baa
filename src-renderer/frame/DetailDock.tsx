import { lazy, Suspense, useState } from 'react'
import { useSettings, useStores, useView } from '../state/use-stores.ts'
import { Working } from '../ui/controls.tsx'
import { Splitter } from '../ui/Splitter.tsx'

const lowest = 120

/** With the log comes an editor: it is loaded when the first log is opened. */
const BuildDetail = lazy(async () => ({
  default: (await import('../detail/BuildDetail.tsx')).BuildDetail,
}))

/** Below the view: one build in detail. Its upper edge can be dragged, and moved with the arrow keys. */
export function DetailDock() {
  const { view, settings } = useStores()
  const cell = useView((state) => state.detail)
  const panels = useSettings((state) => state.settings?.panels)
  const [dragged, setDragged] = useState(0)
  if (cell < 0) return null
  const height = within(dragged || panels?.detail || window.innerHeight * 0.42)
  return (
    <section className="detail-dock" aria-label="Build" style={{ height }}>
      <Splitter
        className="detail-handle"
        label="Height of the details"
        along="y"
        sign={-1}
        size={() => height}
        least={lowest}
        most={highest}
        onSize={setDragged}
        onRest={(detail) => {
          setDragged(detail)
          if (panels) void settings.change({ panels: { ...panels, detail } })
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
