/**
 * Which checkout a slot builds in. One commit: one checkout for all slots. Several: one a slot, which
 * moves from commit to commit. The build folder lies directly in the checkout, as buildman's does: then
 * U-Boot compiles with paths like `../common/main.c`, and neither a result nor ccache's key depends on
 * where on which machine it was built.
 */
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkOut, type Git } from './worktrees.ts'

export type Site = {
  readonly tree: string
  /** Name of the build folder in the tree: what `O=` says. */
  readonly out: string
  readonly outDir: string
}

export type Trees = {
  /** Makes the checkouts that `slots` need, in parallel; tells of each one that is there. */
  readonly prepare: (slots: number, onReady: (slot: number) => void) => Promise<void>
  /** The slot's checkout at a commit of the series. Throws a GitError if it can't be had. */
  readonly at: (slot: number, upto: number) => Promise<Site>
}

/** Checkouts made at once: more only fight over the disk. */
const AT_ONCE = 4

export function slotFolder(workDir: string, slot: number): string {
  return join(workDir, String(slot).padStart(2, '0'))
}

export function createTrees(git: Git, workDir: string, hashes: readonly string[]): Trees {
  const shared = hashes.length === 1
  const current = new Map<string, string>()
  let turn: Promise<unknown> = Promise.resolve()

  const siteOf = (slot: number): Site => {
    const tree = join(shared ? workDir : slotFolder(workDir, slot), 'tree')
    const out = shared ? `build-${String(slot).padStart(2, '0')}` : 'build'
    return { tree, out, outDir: join(tree, out) }
  }
  const bring = async (tree: string, hash: string, slot: number) => {
    if (current.get(tree) === hash && (await exists(join(tree, '.git')))) return
    current.delete(tree)
    await checkOut(git, tree, hash, slot)
    current.set(tree, hash)
  }
  const at = async (slot: number, upto: number): Promise<Site> => {
    const site = siteOf(slot)
    const hash = hashes[upto]
    if (hash === undefined) throw new Error(`no commit ${upto} in a series of ${hashes.length}`)
    // Slots that share a checkout may all find it gone; one of them mends it.
    const brought = shared
      ? turn.then(() => bring(site.tree, hash, slot))
      : bring(site.tree, hash, slot)
    if (shared) turn = brought.catch(() => {})
    await brought
    await mkdir(site.outDir, { recursive: true })
    return site
  }
  return {
    at,
    async prepare(slots, onReady) {
      const todo = Array.from({ length: shared ? 1 : slots }, (_, slot) => slot)
      const makeOne = async (): Promise<void> => {
        for (let slot = todo.shift(); slot !== undefined; slot = todo.shift()) {
          await at(slot, 0)
          onReady(slot)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, makeOne))
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
