/** A tree's boards as buildman lists them: what Kconfig says of each defconfig, and MAINTAINERS. */
import type { Board } from '../../../src-core/model.ts'
import { KconfigError } from '../kconfig/kconfig-error.ts'
import { Evaluator } from '../kconfig/kconfig-evaluator.ts'
import { refuseShell } from '../kconfig/kconfig-macros.ts'
import type { KconfigModel } from '../kconfig/kconfig-model.ts'
import { parseKconfig } from '../kconfig/kconfig-parser.ts'
import type { TreeFiles } from '../tree-files.ts'
import { blobSymbols } from './blob-symbols.ts'
import { columnsOf } from './boards-cfg.ts'
import { readDefconfig } from './defconfig.ts'
import {
  type Extension,
  type ExtensionCandidate,
  extendBoards,
  parseExtensions,
  symbolsOf,
} from './extended-boards.ts'
import { findUpkeep, noStatus, type Upkeep } from './maintainers.ts'
import { targetOptions, targetProblem } from './target-check.ts'

/** The files that a board list is made from; paths relative to the tree. */
export type BoardSources = {
  readonly defconfigs: readonly string[]
  readonly maintainers: readonly string[]
  readonly kconfigs: readonly string[]
  /** `configs/*.buildman`: extended boards. */
  readonly extensions: readonly string[]
}

export type TreeBoards = {
  readonly boards: readonly Board[]
  /** Boards with fragments added, which only those who ask for them (`-X`) get. */
  readonly extended: readonly Board[]
  /** Why there are no extended boards although the tree describes some; else empty. */
  readonly extendedProblem: string
  /** What the list may lack, or what was taken for granted, in words: to be told in any case. */
  readonly notes: readonly string[]
  /** What is wrong with the tree's files, in words; the list is whole all the same. */
  readonly warnings: readonly string[]
  /** What `--full-check` finds wrong besides: boards that set no `TARGET_...` option, or several. */
  readonly targetWarnings: readonly string[]
  /** By target: names of the device trees that it is built with, separated by spaces. */
  readonly deviceTrees: Readonly<Record<string, string>>
  /** By target: values of `blobSymbols`, where any is set. */
  readonly blobSymbols: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/**
 * Folders whose MAINTAINERS or Kconfig files are not the tree's own: buildman's test data, and all
 * that is hidden (`.git`, the worktrees that buildman and Slipway leave in an output folder).
 */
function isForeign(folder: string, name: string): boolean {
  return name.startsWith('.') || (folder === 'tools' && name === 'buildman')
}

/** Walks the tree in a fixed order (buildman takes the folder's own, so its ties depend on luck). */
export function findBoardSources(files: TreeFiles): BoardSources {
  const defconfigs: string[] = []
  const maintainers: string[] = []
  const kconfigs: string[] = []
  const extensions: string[] = []

  const walked = new Set<string>()

  function walk(folder: string): void {
    const listing = files.list(folder)
    const inConfigs = folder === 'configs' || folder.startsWith('configs/')
    for (const name of listing.files) {
      const file = join(folder, name)
      if (name === 'MAINTAINERS') maintainers.push(file)
      else if (name.startsWith('Kconfig') && !name.endsWith('~')) kconfigs.push(file)
      else if (inConfigs && name.endsWith('_defconfig') && !name.startsWith('.')) {
        defconfigs.push(file)
      } else if (folder === 'configs' && name.endsWith('.buildman')) {
        extensions.push(file)
      }
    }
    for (const name of listing.folders) {
      if (!isForeign(folder, name)) walk(join(folder, name))
    }
    for (const name of listing.links) {
      if (inConfigs || join(folder, name) === 'configs') followLink(join(folder, name))
    }
  }

  /** A vendor's `configs` may be a link within the tree; one that leads back would never end. */
  function followLink(link: string): void {
    const real = files.realFolder(link)
    if (real === null || walked.has(real) || `${link}/`.startsWith(`${real}/`)) return
    walked.add(real)
    walk(link)
  }

  walk('')
  return { defconfigs, maintainers, kconfigs, extensions }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** What had to be taken for granted to read the Kconfig files, in words. */
type KconfigDoubts = { readonly missing: string[]; readonly unproven: string[] }

/** The tree's Kconfig files; no command of the tree is run, so there is no compiler to ask. */
export function readKconfig(
  files: TreeFiles,
  doubts: KconfigDoubts = { missing: [], unproven: [] },
): KconfigModel {
  return parseKconfig(files, {
    environment: { srctree: '.', UBOOTVERSION: 'dummy', KCONFIG_OBJDIR: '' },
    shell: refuseShell,
    onUnprovenError: (problem) => doubts.unproven.push(problem),
    onMissingFile: (problem) => doubts.missing.push(problem),
  })
}

/**
 * Makes the board list, in the order of buildman's boards.cfg.
 * @throws KconfigError where the tree's Kconfig files cannot be understood
 */
export function makeBoardList(files: TreeFiles, sources: BoardSources): TreeBoards {
  const warnings: string[] = []
  const warn = (problem: string) => warnings.push(problem)
  const doubts: KconfigDoubts = { missing: [], unproven: [] }
  const model = readKconfig(files, doubts)
  const evaluator = new Evaluator(model)
  const targets = targetOptions(model)
  const targetWarnings: string[] = []
  const { readable, notes } = readableDefconfigs(files, sources.defconfigs)
  const texts = new Map(sources.maintainers.map((path) => [path, files.read(path) ?? '']))
  const upkeep = findUpkeep(texts, readable, warn)
  const { extensions, problem } = readExtensions(files, sources.extensions)
  const asked = symbolsOf(extensions)
  const deviceTrees: Record<string, string> = {}
  const symbols: Record<string, Record<string, string>> = {}
  const candidates = new Map<Board, ExtensionCandidate>()
  const found = readable.map((defconfig) => {
    evaluator.load(readDefconfig(defconfig, files.read, warn))
    const board = describeBoard(defconfig, evaluator, upkeep.get(defconfig))
    deviceTrees[board.target] = deviceTreesOf(evaluator)
    const ofBlobs = blobSymbolsOf(evaluator)
    if (Object.keys(ofBlobs).length > 0) symbols[board.target] = ofBlobs
    const values = new Map(asked.map((symbol) => [symbol, evaluator.value(symbol)]))
    candidates.set(board, { board, defconfig, values })
    const set = targets.filter((name) => evaluator.value(name) === 'y')
    const wrong = targetProblem(board.target, set)
    if (wrong !== null) targetWarnings.push(wrong)
    return board
  })
  const boards = sortAsBoardsCfg(withoutTwins(found, warn))
  const inOrder = boards.flatMap((board) => candidates.get(board) ?? [])
  for (const board of boards) {
    if (board.status === noStatus) {
      warn(`${board.target}: no MAINTAINERS file says who keeps it, or that it is kept`)
    }
  }
  const extended = extendBoards(extensions, inOrder)
  notes.push(...kconfigNotes(doubts))
  return {
    ...{ boards, extended, extendedProblem: problem, deviceTrees, blobSymbols: symbols },
    ...{ notes, warnings, targetWarnings },
  }
}

/**
 * A name that no board can have: make would take its defconfig for a flag, for a variable (and build what
 * was configured before) or for several words, or its own Makefiles would run a part of it in a shell.
 */
const oddName = /^-|[\p{Cc}\s=:,;$%#&|<>()`'"\\*?[\]{}!]/u

/** Without those that no machine could read either, and names that could be taken for something else. */
function readableDefconfigs(
  files: TreeFiles,
  defconfigs: readonly string[],
): { readable: string[]; notes: string[] } {
  const isOdd = (file: string) => oddName.test(file.replace(/^.*\//s, ''))
  const readable = defconfigs.filter((file) => !isOdd(file) && files.read(file) !== null)
  const known = new Set(readable)
  const others = defconfigs.filter((file) => !known.has(file))
  const names = others.map((file) => (isOdd(file) ? JSON.stringify(file) : file))
  const why =
    'they lead nowhere, are no regular files, or have characters in their names that make takes for something else'
  return { readable, notes: others.length === 0 ? [] : [`Not listed: ${firstOf(names)}; ${why}.`] }
}

function kconfigNotes({ missing, unproven }: KconfigDoubts): string[] {
  const notes: string[] = []
  if (missing.length > 0) {
    notes.push(`Kconfig files are missing, and what they say with them. ${firstOf(missing)}`)
  }
  if (unproven.length > 0) {
    notes.push(
      `No command of the tree is run to list its boards, so these checks are taken as passed. ${firstOf(unproven)}`,
    )
  }
  return notes
}

/** A few of them, and how many others there are. */
function firstOf(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).join(', ')
  return texts.length > 3 ? `${shown} and ${texts.length - 3} more` : shown
}

function readExtensions(
  files: TreeFiles,
  sources: readonly string[],
): { extensions: Extension[]; problem: string } {
  try {
    const extensions = sources.flatMap((file) => parseExtensions(file, files.read(file) ?? ''))
    return { extensions, problem: '' }
  } catch (error) {
    if (!(error instanceof KconfigError)) throw error
    return { extensions: [], problem: error.message }
  }
}

/** Folders below configs/ may hold a name twice; a target is built by its name, so only one can be. */
function withoutTwins(boards: readonly Board[], warn: (problem: string) => void): Board[] {
  const seen = new Set<string>()
  return boards.filter(({ target }) => {
    if (!seen.has(target)) return seen.add(target)
    warn(`${target}_defconfig exists twice below configs/; the first one counts`)
    return false
  })
}

function describeBoard(defconfig: string, evaluator: Evaluator, upkeep: Upkeep | undefined): Board {
  const cpu = evaluator.value('SYS_CPU')
  return {
    target: defconfig.replace(/^.*\//, '').slice(0, -'_defconfig'.length),
    arch: architecture(evaluator.value('SYS_ARCH'), cpu, evaluator),
    cpu,
    soc: evaluator.value('SYS_SOC'),
    vendor: evaluator.value('SYS_VENDOR'),
    board: evaluator.value('SYS_BOARD'),
    config: evaluator.value('SYS_CONFIG_NAME'),
    status: upkeep?.status ?? noStatus,
    maintainers: upkeep?.maintainers ?? [],
  }
}

function deviceTreesOf(evaluator: Evaluator): string {
  const lists = ['DEFAULT_DEVICE_TREE', 'OF_LIST', 'SPL_OF_LIST'].map((name) =>
    evaluator.value(name),
  )
  return [...new Set(lists.join(' ').split(/\s+/))].filter((name) => name !== '').join(' ')
}

function blobSymbolsOf(evaluator: Evaluator): Record<string, string> {
  const values = [...blobSymbols].map((name): [string, string] => [name, evaluator.value(name)])
  return Object.fromEntries(values.filter(([, value]) => value !== '' && value !== 'n'))
}

/** Kconfig's SYS_ARCH names a source folder; compilers differ for its 32- and 64-bit halves. */
function architecture(arch: string, cpu: string, evaluator: Evaluator): string {
  if (arch === 'arm' && cpu === 'armv8') return 'aarch64'
  if (arch === 'riscv') return evaluator.value('ARCH_RV32I') === 'y' ? 'riscv32' : 'riscv64'
  return arch
}

/** As whole lines of boards.cfg, padding included, without regard to case. */
function sortAsBoardsCfg(boards: readonly Board[]): Board[] {
  const lines = columnsOf(boards).map((line) => line.toLowerCase())
  return boards
    .map((board, at) => ({ board, line: lines[at] ?? '' }))
    .sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0))
    .map(({ board }) => board)
}
