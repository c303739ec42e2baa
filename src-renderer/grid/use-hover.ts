import { type PointerEvent, useEffect, useRef, useState } from 'react'
import type { GridOrder } from '../state/grid/order.ts'
import type { GridLayout } from './layout/layout.ts'

/** What the pointer rests on: a build, or the head or foot of a commit's column. */
export type HoverTarget =
  | { readonly kind: 'cell'; readonly cell: number }
  | { readonly kind: 'column'; readonly upto: number }

/** A target, and where the pointer is in the window. */
export type Hover = HoverTarget & { readonly x: number; readonly y: number }

/** The tooltip comes after the pointer has rested this long, and changes at once while it shows. */
const restMs = 150

export function useHover(layout: GridLayout, order: GridOrder) {
  const [hover, setHover] = useState<Hover | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const resting = useRef('')

  const forget = () => {
    clearTimeout(timer.current)
    resting.current = ''
    setHover(null)
  }

  // A cell that moved away from under the pointer is no longer the one meant.
  useEffect(() => {
    return () => {
      clearTimeout(timer.current)
      resting.current = ''
      if (layout && order) setHover(null)
    }
  }, [layout, order])

  const watchPointer = (target: HoverTarget | null, event: PointerEvent) => {
    const key = target ? JSON.stringify(target) : ''
    if (key === resting.current) return
    const { clientX: x, clientY: y } = event
    clearTimeout(timer.current)
    resting.current = key
    if (!target) setHover(null)
    else if (hover) setHover({ ...target, x, y })
    else timer.current = setTimeout(() => setHover({ ...target, x, y }), restMs)
  }
  return { hover, watchPointer, forget }
}
