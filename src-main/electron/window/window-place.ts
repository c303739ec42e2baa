import { z } from 'zod'

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
})
export type Rectangle = z.infer<typeof rectangle>

export const windowPlace = z.object({ bounds: rectangle, maximized: z.boolean() })
export type WindowPlace = z.infer<typeof windowPlace>

export const smallestWindow = { width: 720, height: 480 }
const firstWindow = { width: 1440, height: 900 }

/** How much of a window, in pixels each way, must lie on a screen for a hand to reach it. */
const reachable = 100

/**
 * Where the window opens: where it was left, or centred on the first screen if that place is no
 * longer on any.
 *
 * @param screens the work areas of the screens that are there now, the main one first
 */
export function placeWindow(
  last: WindowPlace | undefined,
  screens: readonly Rectangle[],
): WindowPlace {
  if (last !== undefined && screens.some((screen) => overlaps(last.bounds, screen))) return last
  const [screen = { x: 0, y: 0, ...firstWindow }] = screens
  const width = Math.min(firstWindow.width, screen.width)
  const height = Math.min(firstWindow.height, screen.height)
  const x = screen.x + Math.floor((screen.width - width) / 2)
  const y = screen.y + Math.floor((screen.height - height) / 2)
  return { bounds: { x, y, width, height }, maximized: last?.maximized ?? false }
}

function overlaps(window: Rectangle, screen: Rectangle): boolean {
  const right = Math.min(window.x + window.width, screen.x + screen.width)
  const bottom = Math.min(window.y + window.height, screen.y + screen.height)
  return (
    right - Math.max(window.x, screen.x) >= reachable &&
    bottom - Math.max(window.y, screen.y) >= reachable
  )
}
