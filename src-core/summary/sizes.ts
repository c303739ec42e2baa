/** How images grew and shrank between two sets of results. Pure. */
import { ownValue } from '../basics/own-value.ts'
import type { ImageSize } from '../model.ts'
import { type BuildFacts, isVerdict, type Results } from './facts.ts'

/** Bytes, or a mean of them; rodata apart from text. */
export type Parts = {
  readonly all: number
  readonly bss: number
  readonly data: number
  readonly rodata: number
  readonly text: number
}

export const partNames = ['all', 'bss', 'data', 'rodata', 'text'] as const

export type ArchSizes = {
  readonly arch: string
  /** Boards whose images can be compared, of how many. */
  readonly compared: number
  /** Of these, boards that are compared with a commit before the last one, since they were not built since. */
  readonly late: number
  readonly boards: number
  /** Mean change over the compared boards, by image; images that did not change are absent. */
  readonly mean: readonly ImageChange[]
  /** Boards that changed, the one that grew most first. */
  readonly details: readonly BoardSizes[]
}

export type ImageChange = { readonly image: string; readonly delta: Parts }

export type BoardSizes = {
  readonly board: string
  readonly images: readonly ImageChange[]
  readonly symbols: readonly SymbolChanges[]
  /** Commits that the change is of, where it is not that of one. */
  readonly spans?: number
}

export type SymbolChanges = {
  readonly image: string
  readonly added: number
  readonly removed: number
  readonly grew: number
  readonly shrank: number
  /** Bytes, both above or equal to 0. */
  readonly up: number
  readonly down: number
  /** The one that grew most first; null where it did not, or does not, exist. */
  readonly functions: readonly {
    readonly name: string
    readonly before: number | null
    readonly now: number | null
    readonly delta: number
  }[]
}

export function partsOf(size: ImageSize): Parts {
  const { text, rodata, data, bss } = size
  return { all: text + data + bss, bss, data, rodata, text: text - rodata }
}

function combine(a: Parts, b: Parts, how: (a: number, b: number) => number): Parts {
  return {
    all: how(a.all, b.all),
    bss: how(a.bss, b.bss),
    data: how(a.data, b.data),
    rodata: how(a.rodata, b.rodata),
    text: how(a.text, b.text),
  }
}

const isZero = (parts: Parts): boolean => partNames.every((name) => parts[name] === 0)

/** Images that are there before and after, and changed. */
export function compareImages(
  before: readonly ImageSize[],
  now: readonly ImageSize[],
): readonly ImageChange[] {
  return now.flatMap((size) => {
    const last = before.find((one) => one.image === size.image)
    if (!last) return []
    const delta = combine(partsOf(size), partsOf(last), (a, b) => a - b)
    return isZero(delta) ? [] : [{ image: size.image, delta }]
  })
}

type Counted = { boards: number; compared: number; late: number; details: BoardSizes[] }

/** Size changes by architecture; architectures without any are left out. */
export function compareSizes(before: Results, now: Results): readonly ArchSizes[] {
  const byArch = new Map<string, Counted>()
  for (const [board, { arch, facts }] of now) {
    let entry = byArch.get(arch)
    if (!entry) {
      entry = { boards: 0, compared: 0, late: 0, details: [] }
      byArch.set(arch, entry)
    }
    entry.boards += 1
    const { facts: last, sizesAge = 0 } = before.get(board) ?? {}
    if (!isVerdict(facts) || !isVerdict(last) || !haveCommonImage(last, facts)) continue
    entry.compared += 1
    if (sizesAge > 0) entry.late += 1
    const images = compareImages(last.sizes, facts.sizes)
    const symbols = compareAllSymbols(last, facts)
    if (images.length + symbols.length === 0) continue
    entry.details.push({ board, images, symbols, ...(sizesAge > 0 && { spans: sizesAge + 1 }) })
  }
  return [...byArch].flatMap(([arch, { boards, compared, late, details }]) => {
    if (details.length === 0) return []
    const sorted = details.sort((a, b) => totalOf(b) - totalOf(a))
    return { arch, compared, late, boards, mean: meanOf(sorted, compared), details: sorted }
  })
}

function haveCommonImage(before: BuildFacts, now: BuildFacts): boolean {
  return now.sizes.some(({ image }) => before.sizes.some((one) => one.image === image))
}

function totalOf({ images }: BoardSizes): number {
  return images.reduce((sum, { delta }) => sum + delta.all, 0)
}

function meanOf(details: readonly BoardSizes[], boards: number): readonly ImageChange[] {
  const sums = new Map<string, Parts>()
  for (const { image, delta } of details.flatMap((one) => one.images)) {
    const sum = sums.get(image)
    sums.set(image, sum ? combine(sum, delta, (a, b) => a + b) : delta)
  }
  return [...sums].map(([image, sum]) => ({ image, delta: combine(sum, sum, (a) => a / boards) }))
}

/** Of each image whose symbols are known on both sides; one that is new or gone says nothing. */
function compareAllSymbols(before: BuildFacts, now: BuildFacts): readonly SymbolChanges[] {
  return Object.entries(now.symbols).flatMap(([image, symbols]) => {
    const last = before.symbols[image]
    const changes = last ? compareSymbols(image, last, symbols) : null
    return changes && changes.functions.length > 0 ? [changes] : []
  })
}

export function compareSymbols(
  image: string,
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): SymbolChanges {
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  const functions = [...names].flatMap((name) => {
    const [was, is] = [ownValue(before, name) ?? null, ownValue(now, name) ?? null]
    const delta = (is ?? 0) - (was ?? 0)
    return delta === 0 ? [] : [{ name, before: was, now: is, delta }]
  })
  const count = (test: (one: (typeof functions)[number]) => boolean) =>
    functions.filter(test).length
  const sum = (sign: 1 | -1) =>
    functions.reduce((total, { delta }) => total + Math.max(0, sign * delta), 0)
  return {
    image,
    added: count((one) => one.before === null),
    removed: count((one) => one.now === null),
    grew: count((one) => one.before !== null && one.now !== null && one.delta > 0),
    shrank: count((one) => one.before !== null && one.now !== null && one.delta < 0),
    up: sum(1),
    down: sum(-1),
    // Of those that changed by as much the last by name comes first, as buildman has them.
    functions: functions.sort((a, b) => b.delta - a.delta || (a.name < b.name ? 1 : -1)),
  }
}
