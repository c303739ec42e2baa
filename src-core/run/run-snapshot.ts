import type { ImageSize } from '../model.ts'
import {
  type Attempt,
  type BuildDetail,
  type Cells,
  type EarlierOutcome,
  type MachineSaid,
  noDetail,
  type RunState,
} from './run-state.ts'

/**
 * A run in the form in which it crosses to the window: one text and a few typed arrays. Electron
 * copies every object of a message twice on its way into a page; for the 45,000 attempts and
 * details of a large run that took seconds, for these arrays it takes milliseconds.
 */
export type PackedRun = {
  readonly packed: true
  /** It goes on, and another window or a terminal drives it. */
  readonly elsewhere: boolean
  /** The name of the file that it came as; empty for a run of this computer. */
  readonly sentAs: string
  /** JSON of what is small: see `Head`. */
  readonly head: string
  readonly cells: Cells
  /** Five numbers an attempt: cell, machine, slot, from, to. */
  readonly attempts: Float64Array
  /** Index into `attemptEnds`. */
  readonly attemptEnds: Uint8Array
  /** Six numbers an image: cell, index into the head's images, text, data, bss, rodata. */
  readonly sizes: Float64Array
}

type Head = Omit<
  RunState,
  | 'cells'
  | 'details'
  | 'earlier'
  | 'suspected'
  | 'attempts'
  | 'boardIndex'
  | 'machineIndex'
  | 'open'
> & {
  readonly images: readonly string[]
  readonly earlier: readonly (readonly [cell: number, outcome: EarlierOutcome])[]
  readonly suspected: readonly (readonly [cell: number, said: readonly MachineSaid[]])[]
  /** Details that have more than sizes. */
  readonly words: readonly (readonly [cell: number, words: Omit<BuildDetail, 'sizes'>])[]
}

const attemptEnds = [
  'open',
  'won',
  'lost',
  'overtaken',
  'given back',
  'suspected',
] as const satisfies Attempt['end'][]
const perAttempt = 5
const perSize = 6

function hasWords(detail: Omit<BuildDetail, 'sizes'>): boolean {
  const { firstErrors, truncated, problems, lacks } = detail
  return [firstErrors, truncated, problems, lacks].some((list) => list.length > 0)
}

export function packRun(
  run: RunState,
  { elsewhere = false, sentAs = '' }: Partial<Pick<PackedRun, 'elsewhere' | 'sentAs'>> = {},
): PackedRun {
  const {
    cells,
    details,
    earlier,
    suspected,
    attempts,
    boardIndex: _b,
    machineIndex: _m,
    open: _o,
    ...small
  } = run
  const { images, sizes } = packSizes(details)
  const words = [...details].flatMap(([cell, { sizes: own, ...rest }]) =>
    own.length === 0 || rest.reason || rest.proof || rest.returnCode !== 0 || hasWords(rest)
      ? [[cell, rest] as const]
      : [],
  )
  const head: Head = {
    ...small,
    images,
    words,
    earlier: [...earlier],
    suspected: [...suspected],
  }
  return {
    packed: true,
    elsewhere,
    sentAs,
    head: JSON.stringify(head),
    // A copy: the run goes on before Electron has sent this.
    cells: structuredClone(cells),
    attempts: Float64Array.from(
      attempts.flatMap(({ cell, machine, slot, from, to }) => [cell, machine, slot, from, to]),
    ),
    attemptEnds: Uint8Array.from(attempts, ({ end }) => attemptEnds.indexOf(end)),
    sizes,
  }
}

export function unpackRun({
  head,
  cells,
  attempts,
  attemptEnds: ends,
  sizes,
}: PackedRun): RunState {
  const { images, words, earlier, suspected, ...small } = JSON.parse(head) as Head
  const run: RunState = {
    ...small,
    cells,
    details: unpackDetails(words, images, sizes),
    earlier: new Map(earlier),
    suspected: new Map(suspected),
    attempts: unpackAttempts(attempts, ends),
    boardIndex: new Map(small.boards.map(({ target }, index) => [target, index])),
    machineIndex: new Map(small.machines.map(({ name }, index) => [name, index])),
    open: new Map(),
  }
  for (const [index, { cell, end }] of run.attempts.entries()) {
    if (end !== 'open') continue
    const open = run.open.get(cell)
    if (open) open.push(index)
    else run.open.set(cell, [index])
  }
  return run
}

function packSizes(details: RunState['details']): { images: string[]; sizes: Float64Array } {
  const images = new Map<string, number>()
  const numbers: number[] = []
  for (const [cell, { sizes }] of details) {
    for (const { image, text, data, bss, rodata } of sizes) {
      const index = images.get(image) ?? images.size
      images.set(image, index)
      numbers.push(cell, index, text, data, bss, rodata)
    }
  }
  return { images: [...images.keys()], sizes: Float64Array.from(numbers) }
}

function unpackDetails(
  words: Head['words'],
  images: Head['images'],
  sizes: Float64Array,
): RunState['details'] {
  const details: RunState['details'] = new Map(
    words.map(([cell, rest]) => [cell, { ...rest, sizes: [] }]),
  )
  const at = (index: number) => sizes[index] ?? 0
  for (let from = 0; from < sizes.length; from += perSize) {
    const size: ImageSize = {
      image: images[at(from + 1)] ?? '',
      text: at(from + 2),
      data: at(from + 3),
      bss: at(from + 4),
      rodata: at(from + 5),
    }
    const known = details.get(at(from))
    if (known) known.sizes = [...known.sizes, size]
    else details.set(at(from), { ...noDetail, sizes: [size] })
  }
  return details
}

function unpackAttempts(numbers: Float64Array, ends: Uint8Array): Attempt[] {
  const at = (index: number) => numbers[index] ?? 0
  return Array.from(ends, (end, index): Attempt => {
    const from = index * perAttempt
    return {
      cell: at(from),
      machine: at(from + 1),
      slot: at(from + 2),
      from: at(from + 3),
      to: at(from + 4),
      end: attemptEnds[end] ?? 'open',
    }
  })
}
