import { type RefObject, useEffect, useState } from 'react'

export type ElementSize = { readonly width: number; readonly height: number }

const noSize: ElementSize = { width: 0, height: 0 }

/** Size of an element's inside in whole CSS pixels; zero until it is known. */
export function useElementSize(element: RefObject<HTMLElement | null>): ElementSize {
  return useMeasured(element, sizeOf, noSize)
}

/**
 * What `measure` makes of an element's inside, in CSS pixels, each time that its size changes; `unknown`
 * until it is known. `measure` is one function for good.
 */
export function useMeasured<Size>(
  element: RefObject<HTMLElement | null>,
  measure: (inside: ElementSize, element: HTMLElement) => Size,
  unknown: Size,
): Size {
  const [size, setSize] = useState(unknown)
  useEffect(() => {
    const measured = element.current
    if (!measured) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize(measure(entry.contentRect, measured))
    })
    observer.observe(measured)
    return () => observer.disconnect()
  }, [element, measure])
  return size
}

export function sizeOf({ width, height }: ElementSize): ElementSize {
  return { width: Math.floor(width), height: Math.floor(height) }
}
