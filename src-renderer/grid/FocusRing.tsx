import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useGrid, useStores, useView } from '../state/use-stores.ts'
import { type GridLayout, rectOf } from './layout/layout.ts'
import { placeOf } from './painting/grid-scene.ts'

/** The ring around the focused cell. It stays below what lies over the cells of a matrix. */
export function FocusRing({
  layout,
  pane,
}: {
  layout: GridLayout
  pane: RefObject<HTMLDivElement | null>
}) {
  const { runs } = useStores()
  const order = useGrid((grid) => grid.order)
  const focused = useView((view) => view.focused)
  const ring = useRef<HTMLDivElement>(null)
  const rect = focused < 0 ? null : rectOf(layout, placeOf({ run: runs.run(), order }, focused))
  const frame =
    layout.kind === 'matrix'
      ? { left: layout.nameWidth - 4, top: layout.headHeight - 2, bottom: layout.footHeight }
      : { left: 0, top: 0, bottom: 0 }
  const place = () => {
    const [element, scrolled] = [ring.current, pane.current]
    if (!element || !scrolled || !rect) return
    const x = rect.x - frame.left - scrolled.scrollLeft
    const y = rect.y - frame.top - scrolled.scrollTop
    element.style.transform = `translate(${x}px, ${y}px)`
  }
  useLayoutEffect(place)
  useEffect(() => {
    const element = pane.current
    element?.addEventListener('scroll', place, { passive: true })
    return () => element?.removeEventListener('scroll', place)
  })
  if (!rect) return null
  return (
    <div className="grid-focus-frame" style={frame}>
      <div ref={ring} className="grid-focus" style={{ width: rect.size, height: rect.size }} />
    </div>
  )
}
