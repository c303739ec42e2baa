import { type RefObject, useLayoutEffect, useRef } from 'react'

/** Keeps an element (`position: fixed`) beside the pointer and inside the window. */
export function useBesidePointer(x: number, y: number): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const { width, height } = element.getBoundingClientRect()
    const right = x + 14 + width > window.innerWidth
    const below = y + 18 + height > window.innerHeight
    element.style.left = `${Math.max(4, right ? x - width - 10 : x + 14)}px`
    element.style.top = `${Math.max(4, below ? y - height - 10 : y + 18)}px`
  })
  return ref
}
