import type { RefObject } from 'react'
import { type ElementSize, sizeOf, useMeasured } from '../ui/element-size.ts'

/** `room` is the height that the frame has when no details lie below it. */
type FrameSize = ElementSize & { readonly room: number }

const noSize: FrameSize = { width: 0, height: 0, room: 0 }

/** Size of the grid's frame in whole CSS pixels; zero until it is known. */
export function useFrameSize(frame: RefObject<HTMLElement | null>): FrameSize {
  return useMeasured(frame, frameSizeOf, noSize)
}

function frameSizeOf(inside: ElementSize, frame: HTMLElement): FrameSize {
  const end = frame.closest('.stage')?.getBoundingClientRect().bottom
  const room = end === undefined ? inside.height : end - frame.getBoundingClientRect().top
  return { ...sizeOf(inside), room: Math.floor(room) }
}
