/**
 * Which checkout a slot builds in. One commit: one checkout for all slots. Several: one a slot, which
 * moves from commit to commit. The build folder lies directly in the checkout, as buildman's does: then
 * U-Boot compiles with paths like `../common/main.c`, and neither a result nor ccache's key depends on
 * where on which machine it was built.
 */
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readStamp } from '../building/build-folder.ts'
import { freeBytes } from '../processes/machine-load.ts'
import { createFolderPool, type FolderPool, folderName } from './folder-pool.ts'
import { checkOut, type Git } from './worktrees.ts'

export type BuildPlace = {
  readonly tree: string
  /** Name of the build folder in the tree: what `O=` says. */
  readonly out: string
  readonly outDir: string
}

export type Trees = {
  /** Makes the checkouts that `slots` need, in parallel; tells of each one that is there. */
  readonly prepare: (slots: number, onReady: (slot: number) => void) => Promise<void>
  /** The slot's checkout at a commit of the series. Throws a GitError if it can't be had. */
  readonly at: (slot: number, upto: number) => Promise<string>
  /** A folder of the slot's checkout for a board, until it leaves. */
  readonly enter: (slot: number, board: string) => Promise<BuildPlace>
  readonly leave: (place: BuildPlace) => void
  /** Whether a board has a folder that it was built in before. */
  readonly knows: (board: string) => boolean
}

export type TreesOptions = {
  readonly git: Git
  readonly workDir: string
  readonly hashes: readonly string[]
  /** Whether a shared checkout has a folder a board, rather than one a slot. */
  readonly folderPerBoard: boolean
  /** Boards at once. */
  readonly slots: number
}

/** Checkouts made at once: more only fight over the disk. */
const AT_ONCE = 4

export function slotFolder(workDir: string, slot: number): string {
  return join(workDir, String(slot).padStart(2, '0'))
}

export function createTrees(options: TreesOptions): Trees {
  const { git, workDir, hashes, slots, folderPerBoard } = options
  const shared = hashes.length === 1
  const current = new Map<string, string>()
  let checkouts: Promise<unknown> = Promise.resolve()
  let pool: FolderPool | null = null

  const treeOf = (slot: number) => join(shared ? workDir : slotFolder(workDir, slot), 'tree')
  const bring = async (tree: string, hash: string, slot: number) => {
    if (current.get(tree) === hash && (await exists(join(tree, '.git')))) return
    current.delete(tree)
    await checkOut(git, tree, hash, slot)
    current.set(tree, hash)
  }
  const at = async (slot: number, upto: number): Promise<string> => {
    const tree = treeOf(slot)
    const hash = hashes[upto]
    if (hash === undefined) throw new Error(`no commit ${upto} in a series of ${hashes.length}`)
    // Slots that share a checkout may all find it gone; one of them mends it.
    const brought = shared ? checkouts.then(() => bring(tree, hash, slot)) : bring(tree, hash, slot)
    if (shared) checkouts = brought.catch(() => {})
    await brought
    return tree
  }
  return {
    at,
    async prepare(used, onReady) {
      const todo = Array.from({ length: shared ? 1 : used }, (_, slot) => slot)
      const makeOne = async (): Promise<void> => {
        for (let slot = todo.shift(); slot !== undefined; slot = todo.shift()) {
          await at(slot, 0)
          onReady(slot)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, makeOne))
      if (shared && folderPerBoard) pool = await openPool(treeOf(0), slots)
    },
    async enter(slot, board) {
      const tree = treeOf(slot)
      const out = pool?.take(board) ?? (shared ? folderName(slot) : 'build')
      const place = { tree, out, outDir: join(tree, out) }
      try {
        await mkdir(place.outDir, { recursive: true })
        return place
      } catch (error) {
        pool?.giveBack(out)
        throw error
      }
    },
    knows: (board) => pool?.knows(board) ?? false,
    leave: (place) => pool?.giveBack(place.out),
  }
}

/** Folders beyond the slots' own, so that a board finds its last build again. */
const SPARE_FOLDERS = 48
/** What a folder of U-Boot takes, generously; and what is left to others. */
const FOLDER_BYTES = 200e6
const RESERVED_BYTES = 5e9

async function openPool(tree: string, slots: number): Promise<FolderPool> {
  const entries = await readdir(tree, { withFileTypes: true })
  const names = entries.filter((e) => e.isDirectory() && /^build-\d+$/.test(e.name))
  const known = await Promise.all(
    names.map(async ({ name }) => {
      const stamp = await readStamp(join(tree, name))
      return { name, board: stamp?.board ?? null, usedAt: stamp?.endedAt ?? 0 }
    }),
  )
  const room = ((await freeBytes(tree)) ?? 0) - RESERVED_BYTES
  const spare = Math.max(0, Math.min(SPARE_FOLDERS, Math.floor(room / FOLDER_BYTES)))
  return createFolderPool(known, slots + Math.max(spare, known.length - slots))
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
