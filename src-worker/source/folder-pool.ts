/**
 * The build folders of a checkout that all slots share: one a board, as long as there is room, so that
 * building a board again after an edit takes seconds. Pure bookkeeping.
 */
export type FolderPool = {
  /** The folder for a board: its own, else an unused one, else the one that rested longest. */
  readonly take: (board: string) => string
  readonly giveBack: (name: string) => void
  /** Whether a board has a folder to go on from. */
  readonly knows: (board: string) => boolean
}

export type KnownFolder = {
  readonly name: string
  /** Null if it is of no use to any board. */
  readonly board: string | null
  /** Only the order counts. */
  readonly usedAt: number
}

/** `limit` must be at least the number of boards at once. */
export function createFolderPool(known: readonly KnownFolder[], limit: number): FolderPool {
  const folders = new Map(known.map((folder) => [folder.name, { ...folder, taken: false }]))
  let clock = Math.max(0, ...known.map((folder) => folder.usedAt))

  const longestRested = () =>
    [...folders.values()].filter((f) => !f.taken).sort((a, b) => a.usedAt - b.usedAt)[0]?.name
  const newName = () => {
    for (let i = 0; ; i += 1) {
      const name = folderName(i)
      if (!folders.has(name)) return name
    }
  }
  return {
    take(board) {
      const own = [...folders.values()].find((f) => f.board === board && !f.taken)?.name
      const rested = folders.size >= limit ? longestRested() : undefined
      const name = own ?? rested ?? newName()
      clock += 1
      folders.set(name, { name, board, usedAt: clock, taken: true })
      return name
    },
    knows: (board) => [...folders.values()].some((f) => f.board === board),
    giveBack(name) {
      const folder = folders.get(name)
      if (folder) folder.taken = false
    },
  }
}

export function folderName(index: number): string {
  return `build-${String(index).padStart(2, '0')}`
}
