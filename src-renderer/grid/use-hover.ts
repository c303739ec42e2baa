import { type PointerEvent, useEffect, useRef, useState } from 'react'
import type { GridLayout } from './layout.ts'
import type { GridOrder } from './order.ts'

/** A cell that the pointer rests on, and where the pointer is in the window. */
export type Hover = { readonly cell: number; readonly x: number; readonly y: number }

/** The tooltip comes after the pointer has rested this long, and changes at once while it shows. */
const restMs = 150

export function useHover(layout: GridLayout, order: GridOrder) {
  const [hover, setHover] = useState<Hover | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const resting = useRef(-1)

  const forget = () => {
    clearTimeout(timer.current)
    resting.current = -1
    setHover(null)
  }

  // A cell that moved away from under the pointer is no longer the one meant.
  useEffect(() => {
    return () => {
      clearTimeout(timer.current)
      resting.current = -1
      if (layout && order) setHover(null)
    }
  }, [layout, order])

  const watchPointer = (cell: number, event: PointerEvent) => {
    if (cell === resting.current) return
    const { clientX: x, clientY: y } = event
    clearTimeout(timer.current)
    resting.current = cell
    if (cell < 0) setHover(null)
    else if (hover) setHover({ cell, x, y })
    else timer.current = setTimeout(() => setHover({ cell, x, y }), restMs)
  }
  return { hover, watchPointer, forget }
}
