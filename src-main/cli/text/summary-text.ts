/** A summary as text for the terminal, in the form of `buildman -s` (reference, section 8). Pure. */
import type { BoardChange } from '../../../src-core/summary/boards.ts'
import type { LineChange } from '../../../src-core/summary/lines.ts'
import {
  type ArchSizes,
  type BoardSizes,
  type ImageChange,
  partNames,
  type SymbolChanges,
} from '../../../src-core/summary/sizes.ts'
import type { Summary } from '../../../src-core/summary/summary.ts'
import type { BoardGroup, ConfigChanges, ValueChanges } from '../../../src-core/summary/values.ts'
import { counted } from './counted.ts'
import { type CodeOf, footprintLines } from './footprint-text.ts'
import { type Colour, type Paint, painter } from './terminal-text.ts'

/** What is shown; the letters are buildman's. */
export type SummaryFlags = {
  /** -e, and with it -l. */
  readonly errors: boolean
  readonly listBoards: boolean
  /** -S, with it -d, with that -B. */
  readonly sizes: boolean
  readonly detail: boolean
  readonly bloat: boolean
  /** -K, -U. */
  readonly config: boolean
  readonly environment: boolean
  /** --lines. */
  readonly footprints: boolean
  /** -u, --show-not-built. */
  readonly unknown: boolean
  readonly notBuilt: boolean
  readonly colour: boolean
}

/** `NN: subject`. */
export function commitTitle(number: number, subject: string, colour: boolean): string {
  return painter(colour)('blue', `${twoDigits(number)}: ${subject}`)
}

/** The lines below a commit's title; none where nothing changed. */
export function summaryLines(
  summary: Summary,
  flags: SummaryFlags,
  codeOf: CodeOf = () => [],
): readonly string[] {
  const paint = painter(flags.colour)
  return [
    ...boardLines(summary.boards, flags.unknown, paint),
    ...(flags.errors ? errorLines(summary.lines, flags.listBoards, paint) : []),
    ...(flags.sizes ? sizeLines(summary.sizes, flags, paint) : []),
    ...(flags.environment ? environmentLines(summary.environment, paint) : []),
    ...(flags.config ? configLines(summary.config, paint) : []),
    ...(flags.footprints ? footprintLines(summary.footprints, codeOf, paint) : []),
    ...(flags.notBuilt ? notBuiltLines(summary) : []),
  ]
}

/** Gathers over a series the boards that failed at one commit and were built at another for no visible reason. */
export function createFlakeList() {
  /** Number of the commit at which a board failed last. */
  const failedAt = new Map<string, number>()
  const found: string[] = []
  return {
    add(number: number, { boards, flakes }: Pick<Summary, 'boards' | 'flakes'>): void {
      for (const board of flakes) {
        found.push(`${board} (failed at ${twoDigits(failedAt.get(board) ?? 0)})`)
      }
      for (const { board, now } of boards) if (now === 'failed') failedAt.set(board, number)
    },
    lines(colour: boolean): string[] {
      if (found.length === 0) return []
      const head = `Perhaps flakes (${found.length}), since nothing changed that could have mended them:`
      return [painter(colour)('magenta', `${head} ${found.join(', ')}`)]
    },
  }
}

/** Counts over a series what was not built, since nothing else of a summary need show it. */
export function createNotBuiltCount() {
  const tally = createTally()
  return {
    add({ notBuilt }: Pick<Summary, 'notBuilt'>): void {
      tally.add(notBuilt.flatMap((group) => group.boards))
    },
    any: () => tally.boards.size > 0,
    lines(colour: boolean): string[] {
      if (tally.boards.size === 0) return []
      const what = tally.text('not built')
      return [painter(colour)('magenta', `(${what}: --show-not-built says which and why)`)]
    },
  }
}

/** Gathers over a series the boards that do not boot, since they look like any others with warnings. */
export function createNoBootList() {
  const tally = createTally()
  return {
    add: ({ noBoot }: Pick<Summary, 'noBoot'>): void => tally.add(noBoot),
    lines(colour: boolean): string[] {
      if (tally.boards.size === 0) return []
      const head = `Not to boot (${tally.text()}), since firmware was missing:`
      return [painter(colour)('red', `${head} ${[...tally.boards].join(' ')}`)]
    },
  }
}

/** Boards of which something is true, and at how many commits it was true of any. */
function createTally() {
  const boards = new Set<string>()
  let commits = 0
  return {
    boards,
    add(its: readonly string[]): void {
      if (its.length > 0) commits += 1
      for (const board of its) boards.add(board)
    },
    text(what = ''): string {
      return [counted(boards.size, 'board'), what, 'at', counted(commits, 'commit')]
        .filter((word) => word !== '')
        .join(' ')
    },
  }
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

type Mark = { readonly sign: string; readonly colour: Colour }

const better: Mark = { sign: '', colour: 'green' }
const warned: Mark = { sign: 'w+', colour: 'yellow' }
const worse: Mark = { sign: '+', colour: 'red' }
const unknown: Mark = { sign: '?', colour: 'magenta' }

function markOf({ now, change, warnings }: BoardChange): Mark | null {
  if (now === null || now === 'not built') return unknown
  if (now === 'failed') return change === 'still failing' ? null : worse
  if (now === 'warnings') return warnings === 'came' ? warned : null
  return change === 'fixed' || warnings === 'went' ? better : null
}

function boardLines(boards: readonly BoardChange[], showUnknown: boolean, paint: Paint): string[] {
  const marked = boards.flatMap((one) => {
    const mark = markOf(one)
    return mark && (mark !== unknown || showUnknown) ? [{ ...one, mark }] : []
  })
  const byArch = new Map<string, string>()
  for (const mark of [better, warned, worse, unknown]) {
    const started = new Set<string>()
    for (const { board, arch } of marked.filter((one) => one.mark === mark)) {
      const head = started.has(arch) ? '' : ` ${paint(mark.colour, mark.sign)}  `
      started.add(arch)
      byArch.set(arch, `${byArch.get(arch) ?? ''}${head}${paint(mark.colour, ` ${board}`)}`)
    }
  }
  return [...byArch].map(([arch, text]) => `${arch.padStart(10)}: ${text}`)
}

const lineMarks: Readonly<Record<LineChange['kind'], Readonly<Record<'+' | '-', Mark>>>> = {
  error: { '+': { sign: '+', colour: 'red' }, '-': { sign: '-', colour: 'green' } },
  warning: { '+': { sign: 'w+', colour: 'yellow' }, '-': { sign: 'w-', colour: 'cyan' } },
  blob: { '+': { sign: 'w+', colour: 'magenta' }, '-': { sign: 'w-', colour: 'magenta' } },
}

const BLOB_HEADING = 'Missing blobs, known to be so:'

function errorLines(lines: readonly LineChange[], listBoards: boolean, paint: Paint): string[] {
  const format = (one: LineChange) => {
    const { sign, colour } = lineMarks[one.kind][one.sign]
    const boards = listBoards ? `(${one.boards.join(' ')}) ` : ''
    return paint(colour, `${sign}${boards}${one.text}`)
  }
  const blobs = lines.filter((one) => one.kind === 'blob').map(format)
  return [
    ...lines.filter((one) => one.kind !== 'blob').map(format),
    ...(blobs.length > 0 ? [paint('magenta', BLOB_HEADING), ...blobs] : []),
  ]
}

function signed(value: number, digits: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(digits)}`
}

function growth(value: number, text: string, paint: Paint): string {
  return paint(value > 0 ? 'red' : 'green', text)
}

function imageParts(images: readonly ImageChange[], digits: number, paint: Paint): string {
  const parts = images.flatMap(({ image, delta }) =>
    partNames.map((part) => ({
      name: image === 'u-boot' ? part : `${image}:${part}`,
      value: delta[part],
    })),
  )
  return parts
    .filter(({ value }) => Number(value.toFixed(digits)) !== 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => growth(value, ` ${name} ${signed(value, digits)}`, paint))
    .join('')
}

function sizeLines(sizes: readonly ArchSizes[], flags: SummaryFlags, paint: Paint): string[] {
  return sizes.flatMap(({ arch, compared, boards, mean, details }) => {
    const head = `${arch.padStart(10)}: (for ${compared}/${boards} boards)`
    const shown = flags.detail || flags.bloat ? details : []
    return [
      `${head}${imageParts(mean, 1, paint)}`,
      ...shown.flatMap((one) => boardSizeLines(one, flags.bloat, paint)),
    ]
  })
}

function boardSizeLines(sizes: BoardSizes, bloat: boolean, paint: Paint): string[] {
  const { board, images, symbols } = sizes
  const parts = imageParts(images, 0, paint)
  const head = parts === '' ? [] : [`            ${board.padEnd(15)}:${parts}`]
  return [...head, ...(bloat ? symbols.flatMap((one) => symbolLines(one, paint)) : [])]
}

function symbolLines(changes: SymbolChanges, paint: Paint): string[] {
  const { added, removed, grew, shrank, up, down } = changes
  // Named as the file of its symbols is: scripts read this line.
  const image = changes.image.replaceAll('/', '-')
  const indent = ' '.repeat(15)
  const net = up - down
  const table = changes.functions.map(({ name, before, now, delta }) => {
    const columns = [before ?? '-', now ?? '-'].map((value) => String(value).padStart(7)).join(' ')
    return growth(
      delta,
      `${indent}  ${name.padEnd(38)} ${columns} ${signed(delta, 0).padStart(7)}`,
      paint,
    )
  })
  return [
    `${indent}${paint('yellow', image)}: add: ${added}/${-removed}, grow: ${grew}/${-shrank} bytes: ${up}/${-down} (${net})`,
    `${indent}  ${'function'.padEnd(38)} ${'old'.padStart(7)} ${'new'.padStart(7)} ${'delta'.padStart(7)}`,
    ...table,
  ]
}

function configLines({ archs, groups }: ConfigChanges, paint: Paint): string[] {
  return [
    ...archs.flatMap(({ arch, changes }) => [`${arch}:`, ...valueLines(changes, paint)]),
    ...groupLines(groups, paint),
  ]
}

function groupLines(groups: readonly BoardGroup[], paint: Paint): string[] {
  return groups.flatMap(({ boards, changes }) => [
    `${[...boards].sort().join(' ')} :`,
    ...valueLines(changes, paint),
  ])
}

/** A board's lines have its name where those of a configuration have a file's. */
function environmentLines(groups: readonly BoardGroup[], paint: Paint): string[] {
  return groups.flatMap(({ boards, changes }) =>
    boards.flatMap((board) =>
      valueLines(
        changes.map((one) => ({ ...one, file: board })),
        paint,
      ),
    ),
  )
}

function valueLines(changes: readonly ValueChanges[], paint: Paint): string[] {
  const line = (colour: Colour, sign: string, file: string, pairs: readonly string[]) =>
    pairs.length === 0 ? [] : [paint(colour, `   ${sign} ${file}: ${pairs.join(' ')}`)]
  return changes.flatMap(({ file, added, removed, changed }) => [
    ...line(
      'green',
      '+',
      file,
      added.map(([name, value]) => `${name}=${value}`),
    ),
    ...line(
      'red',
      '-',
      file,
      removed.map(([name, value]) => `${name}=${value}`),
    ),
    ...line(
      'yellow',
      'c',
      file,
      changed.map(([name, was, is]) => `${name}=${was} -> ${is}`),
    ),
  ])
}

function notBuiltLines({ notBuilt }: Summary): string[] {
  const boards = notBuilt.flatMap((one) => one.boards)
  if (boards.length === 0) return []
  const reasons = notBuilt.map(({ reason, boards: hit }) => `  ${reason}: ${hit.join(' ')}`)
  return [`Boards not built (${boards.length}): ${boards.join(' ')}`, ...reasons]
}
