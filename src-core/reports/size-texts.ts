import { listed, plural, signed } from '../basics/words.ts'
import type { ArchSizes, BoardSizes } from '../summary/sizes.ts'

/** More boards than these would bury a line. */
const mostBoards = 8

/**
 * How a commit changed sizes, a line an image: means over the boards that the commit before it has, too. What
 * a board gained while it could not be built belongs to several commits, and has lines of its own.
 */
export function sizeTexts(sizes: readonly ArchSizes[]): readonly string[] {
  const all = sizes.flatMap(({ details }) => details)
  const images = [...new Set(all.flatMap((one) => one.images.map(({ image }) => image)))]
  const lines = [
    ...images.flatMap((image) => meanText(sizes, image)),
    ...spansIn(all).flatMap((spans) => spanText(all, spans)),
  ]
  if (lines.length > 0 || all.length === 0) return lines
  return [`other functions, and no other size: ${plural(all.length, 'board')}`]
}

function meanText(sizes: readonly ArchSizes[], image: string): readonly string[] {
  const archs = sizes.flatMap((one) => {
    const bytes = ownGrowth(one, image)
    return bytes === 0
      ? []
      : [`${one.arch} ${signed(bytes)} (${plural(one.compared - one.late, 'board')})`]
  })
  return archs.length > 0 ? [`mean size of ${image}: ${archs.join(', ')}`] : []
}

/** Mean bytes that a commit itself added, over the boards that the commit before it has, too. */
export function ownGrowth({ compared, late, details }: ArchSizes, image: string): number {
  const own = details.filter(({ spans }) => spans === undefined)
  const bytes = own.reduce((sum, one) => sum + growthOf(one, image), 0)
  return bytes === 0 ? 0 : bytes / (compared - late)
}

/** How many commits lie in one step from size to size, the fewest first. */
function spansIn(all: readonly BoardSizes[]): readonly number[] {
  return [...new Set(all.flatMap(({ spans }) => spans ?? []))].sort((a, b) => a - b)
}

/** Of `u-boot`: `over 3 commits, since it was not built between them: snow +10`. */
function spanText(all: readonly BoardSizes[], spans: number): readonly string[] {
  const boards = all.flatMap((one) => {
    const bytes = growthOf(one, 'u-boot')
    return one.spans === spans && bytes !== 0 ? [`${one.board} ${signed(bytes)}`] : []
  })
  if (boards.length === 0) return []
  const it = boards.length === 1 ? 'it was' : 'they were'
  return [`over ${spans} commits, as ${it} not built between them: ${listed(boards, mostBoards)}`]
}

function growthOf({ images }: BoardSizes, image: string): number {
  return images.find((one) => one.image === image)?.delta.all ?? 0
}
