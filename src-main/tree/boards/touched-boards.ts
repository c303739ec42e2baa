/** Boards that a change is about: those whose folders, defconfig or device trees it touches. */
import type { BuildInputs } from '../../../src-core/affected/build-inputs.ts'
import type { SourceChange } from '../../../src-core/affected/source-change.ts'
import { whyAffected } from '../../../src-core/affected/why-affected.ts'
import type { Board } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { resolveRevision } from '../git/git-rev-parse.ts'
import { GitError, type GitPlace } from '../git/git-run.ts'
import { changedPaths } from '../git/history/git-diff-tree.ts'
import { mergeBase } from '../git/history/git-merge-base.ts'
import { sourceChange } from '../git/history/git-source-change.ts'
import { currentBranch } from '../git/history/git-symbolic-ref.ts'
import { openShadow, type Shadow, type ShadowOptions } from '../snapshot/shadow.ts'
import { snapshot } from '../snapshot/snapshot-commit.ts'
import { findUpstream } from '../upstream.ts'
import type { TreeBoards } from './board-list.ts'
import { deviceTreesWith } from './device-tree-includes.ts'

export type TouchedBoards = {
  readonly targets: readonly string[]
  /** Boards of which it is known what they are built from, so that the answer is exact. */
  readonly known: readonly string[]
  /** What the change is counted from: an upstream, or `HEAD` for uncommitted changes alone. */
  readonly since: string
  readonly changed: readonly string[]
  /** Changed files that belong to no board in particular (drivers, common code): they may concern all. */
  readonly elsewhere: readonly string[]
}

/** What a board was built from, at a commit or a snapshot. */
export type BoardInputs = ReadonlyMap<
  string,
  { readonly hash: string; readonly inputs: BuildInputs }
>

/**
 * Files changed since the branch left its upstream, uncommitted ones included, and their boards.
 *
 * @param builtFrom by board, where it is known: other boards are told by their folders and names
 */
export async function touchedBoards(
  treeDir: string,
  tree: TreeBoards,
  options: ShadowOptions,
  builtFrom: BoardInputs = new Map(),
): Promise<Result<TouchedBoards>> {
  try {
    const shadow = await openShadow(treeDir, options)
    if (shadow.head === null) {
      return fail(
        `${treeDir} has no commits, so there is nothing that its files could have changed from.`,
      )
    }
    const { since, base } = await baseOf(shadow, shadow.head.commit, options.signal)
    const { ownTree, ignored } = await snapshot(shadow, options.signal)
    const differ = await changedPaths(shadow.place, base, ownTree, options.signal)
    // What no commit has, none has changed.
    const changed = differ.filter((file) => !ignored.includes(file))
    const deviceTrees = await deviceTreesWith(treeDir, changed.filter(isDeviceTreeSource))
    const guessed = boardsTouchedBy(changed, tree, deviceTrees)
    const exact = await exactlyTouched(shadow, { base, now: ownTree }, builtFrom, options.signal)
    const isTouched = new Set(guessed.targets)
    const targets = tree.boards.map(({ target }) => target)
    return ok({
      since,
      changed,
      elsewhere: guessed.elsewhere,
      known: targets.filter((target) => exact.has(target)),
      targets: targets.filter((target) => exact.get(target) ?? isTouched.has(target)),
    })
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return fail(`What changed in ${treeDir} cannot be read: ${error.message}`)
  }
}

/**
 * By board, whether a change can alter its build. What a build read tells that of another source only if
 * it would have read the same there, at one end of the change.
 */
async function exactlyTouched(
  { place, repository }: Shadow,
  { base, now }: { readonly base: string; readonly now: string },
  builtFrom: BoardInputs,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, boolean>> {
  const touched = new Map<string, boolean>()
  // Commits of a larger repository have other paths.
  if (builtFrom.size === 0 || (repository !== null && repository.prefix !== '')) return touched
  const change = await sourceChange(place, base, now, signal)
  const ends = new Map<string, readonly SourceChange[]>()
  for (const [board, { hash, inputs }] of builtFrom) {
    const toEnds = ends.get(hash) ?? (await changesToEnds(place, hash, [now, base], signal))
    ends.set(hash, toEnds)
    if (toEnds.some((end) => whyAffected(inputs, end) === null))
      touched.set(board, whyAffected(inputs, change) !== null)
  }
  return touched
}

/** None where the commit is not there any more. */
async function changesToEnds(
  place: GitPlace,
  hash: string,
  ends: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly SourceChange[]> {
  try {
    return await Promise.all(ends.map((end) => sourceChange(place, hash, end, signal)))
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return []
  }
}

/** The tree to compare with: that of the commit where the branch left its upstream, else HEAD's. */
async function baseOf(
  shadow: Shadow,
  head: string,
  signal: AbortSignal | undefined,
): Promise<{ since: string; base: string }> {
  const place = { folder: shadow.place.folder }
  const upstream = await findUpstream(place, await currentBranch(place, signal), head, signal)
  const parted =
    upstream.kind === 'none' ? null : await mergeBase(place, upstream.hash, head, signal)
  const prefix = shadow.repository?.prefix ?? ''
  const revision = `${parted ?? head}:${prefix}`
  const base = await resolveRevision(place, revision, 'tree', signal)
  const since = upstream.kind === 'none' || parted === null ? 'HEAD' : upstream.name
  // A folder that the upstream did not have yet: all of it is new.
  return { since, base: base ?? emptyTree(head) }
}

/** git knows the empty tree by its hash, whether or not it is in a repository. */
function emptyTree(head: string): string {
  return head.length === 40
    ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    : '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
}

const deviceTreeFolder = /^arch\/[^/]+\/dts\/|^dts\/upstream\/src\//

function isDeviceTreeSource(file: string): boolean {
  return deviceTreeFolder.test(file) && /\.(dtsi?|h)$/.test(file)
}

/**
 * @param files changed ones, relative to the tree
 * @param deviceTrees names of the device trees that changed with them
 */
export function boardsTouchedBy(
  files: readonly string[],
  { boards, deviceTrees: treesOf }: Pick<TreeBoards, 'boards' | 'deviceTrees'>,
  deviceTrees: ReadonlySet<string>,
): Pick<TouchedBoards, 'targets' | 'elsewhere'> {
  const touched = new Set<Board>()
  const elsewhere: string[] = []
  for (const board of boards) {
    const names = treesOf[board.extended?.base ?? board.target]?.split(' ') ?? []
    if (names.some((name) => deviceTrees.has(name.replace(/^.*\//, '')))) touched.add(board)
  }
  for (const file of files) {
    const found = boardsOf(file, boards)
    for (const board of found ?? []) touched.add(board)
    if (found === null) elsewhere.push(file)
  }
  return {
    targets: boards.filter((each) => touched.has(each)).map((each) => each.target),
    elsewhere,
  }
}

/** Null for a file that belongs to no board in particular. */
function boardsOf(file: string, boards: readonly Board[]): readonly Board[] | null {
  const [top = '', second = '', third = '', ...rest] = file.split('/')
  if (top === 'configs' && file.endsWith('_defconfig')) {
    const name = file.replace(/^.*\//, '').slice(0, -'_defconfig'.length)
    return boards.filter((board) => (board.extended?.base ?? board.target) === name)
  }
  if (file.startsWith('include/configs/')) {
    return boards.filter((board) => `${board.config}.h` === third)
  }
  if (top === 'board') return inBoardFolder(second, third, boards)
  if (isDeviceTreeSource(file)) return inSocDeviceTree(file, boards)
  if (top === 'arch' && third !== '') {
    return inArchFolder(second, [third, ...rest], boards)
  }
  return null
}

/** `board/<vendor>/<board>/...`, or `board/<board>/...` for a board without vendor. */
function inBoardFolder(first: string, second: string, boards: readonly Board[]) {
  const vendors = boards.filter((board) => board.vendor === first)
  const exact = vendors.filter((board) => board.board === second)
  if (exact.length > 0) return exact
  // Code that a vendor's boards share, e.g. board/ti/common.
  if (vendors.length > 0) return vendors
  const alone = boards.filter((board) => board.vendor === '' && board.board === first)
  return alone.length > 0 ? alone : null
}

/** `<soc>-u-boot.dtsi` and the like are added by the build to every tree of that SoC, CPU or vendor. */
function inSocDeviceTree(file: string, boards: readonly Board[]): readonly Board[] {
  const [, name] = /([^/]+)-u-boot\.dtsi$/.exec(file) ?? []
  return boards.filter(
    (board) => name !== undefined && [board.soc, board.cpu, board.vendor].includes(name),
  )
}

/** `arch/arm/mach-<soc>/`, `arch/arm/cpu/<cpu>/<soc>/`, or code of the whole architecture. */
function inArchFolder(folder: string, path: readonly string[], boards: readonly Board[]) {
  const ofArch = boards.filter(({ arch }) => archFolder(arch) === folder)
  const [first = '', cpu, soc] = path
  const narrowed = first.startsWith('mach-')
    ? ofArch.filter((board) => isSoc(board.soc, first.slice('mach-'.length)))
    : first === 'cpu'
      ? narrowByCpu(ofArch, cpu, soc)
      : []
  const all = narrowed.length > 0 ? narrowed : ofArch
  return all.length > 0 ? all : null
}

function narrowByCpu(boards: readonly Board[], cpu = '', soc = ''): readonly Board[] {
  const ofCpu = boards.filter((board) => board.cpu === cpu)
  const ofSoc = ofCpu.filter((board) => isSoc(board.soc, soc))
  return ofSoc.length > 0 ? ofSoc : ofCpu
}

/** A folder may be named for a family: mach-stm32mp has the SoCs stm32mp1 and stm32mp2. */
function isSoc(soc: string, folder: string): boolean {
  return soc !== '' && folder !== '' && (soc.startsWith(folder) || folder.startsWith(soc))
}

/** The source folder of an architecture as boards name it. */
export function archFolder(arch: string): string {
  if (arch === 'aarch64') return 'arm'
  return arch.startsWith('riscv') ? 'riscv' : arch
}
