import { type RefObject, useEffect, useState } from 'react'
import type { ElementSize } from '../ui/element-size.ts'

/** `room` is the height that the frame has when no details lie below it. */
type FrameSize = ElementSize & { readonly room: number }

/** Size of the grid's frame in whole CSS pixels; zero until it is known. */
export function useFrameSize(frame: RefObject<HTMLElement | null>): FrameSize {
  const [size, setSize] = useState<FrameSize>({ width: 0, height: 0, room: 0 })
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      const end = element.closest('.stage')?.getBoundingClientRect().bottom
      const room = end === undefined ? height : end - element.getBoundingClientRect().top
      setSize({ width: Math.floor(width), height: Math.floor(height), room: Math.floor(room) })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return size
}
