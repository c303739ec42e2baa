/**
 * Shares waiting boards out over machines whose slots differ in speed: longest first, each to
 * where it would be finished earliest (list scheduling on uniform machines). A slow machine
 * thereby gets only what it can finish before the others are done, and may get nothing.
 */

/** One board as it waits; `work` is its time on a slot of rate 1, milliseconds. */
export type Load = {
  readonly work: number
  /** Boards of one group hit each other's compiler cache. */
  readonly group: string
  readonly arch: string
  /** Goes before those of less; left out: none. */
  readonly urgency?: number
}

export type Helper = {
  /** Milliseconds of `work` that one slot does in a millisecond. */
  readonly rate: number
  /** When each slot is free, milliseconds; in any order. */
  readonly free: readonly number[]
  readonly archs: ReadonlySet<string>
  /** Groups whose compiler cache is warm here. */
  readonly warm: ReadonlySet<string>
}

export type Shares<L> = {
  /** By helper: what it should take, in this order. */
  readonly lists: readonly L[][]
  /** When the last of the boards given would be finished, milliseconds; 0 without any. */
  readonly finish: number
}

/**
 * `warmFactor` is the part of its work that a board has left where its group is warm (1: no
 * difference). `forbids` says where a board must not go although the architecture fits.
 */
export function shareOut<L extends Load>(
  loads: readonly L[],
  helpers: readonly Helper[],
  warmFactor: number,
  forbids: (load: L, helper: number) => boolean,
): Shares<L> {
  const lists: L[][] = helpers.map(() => [])
  const heaps = helpers.map((helper) => helper.free.toSorted((a, b) => a - b))
  const warmed = helpers.map((helper) => new Set(helper.warm))
  let finish = 0
  for (const load of inOrder(loads, helpers)) {
    let best = -1
    let bestEnd = Number.POSITIVE_INFINITY
    for (const [index, helper] of helpers.entries()) {
      const start = heaps[index]?.[0]
      if (start === undefined || !helper.archs.has(load.arch) || forbids(load, index)) continue
      const factor = warmed[index]?.has(load.group) ? warmFactor : 1
      const end = start + (load.work * factor) / helper.rate
      if (end < bestEnd) {
        best = index
        bestEnd = end
      }
    }
    const heap = heaps[best]
    if (!heap) continue
    lists[best]?.push(load)
    warmed[best]?.add(load.group)
    replaceSmallest(heap, bestEnd)
    finish = Math.max(finish, bestEnd)
  }
  return { lists, finish }
}

/**
 * What is urgent, then the longest first; but boards that only a few machines can build, and keep those busy for at
 * least half of the time that all takes, go before those that could be built anywhere.
 */
function inOrder<L extends Load>(loads: readonly L[], helpers: readonly Helper[]): readonly L[] {
  const sets = new Map<string, { work: number; capacity: number; everywhere: boolean }>()
  const setOf = new Map<string, string>()
  let total = 0
  for (const load of loads) {
    total += load.work
    const key = setOf.get(load.arch) ?? helpers.map((h) => Number(h.archs.has(load.arch))).join('')
    setOf.set(load.arch, key)
    const set = sets.get(key)
    if (set) set.work += load.work
    else {
      const able = helpers.filter((helper) => helper.archs.has(load.arch))
      sets.set(key, { work: load.work, capacity: capacityOf(able), everywhere: !key.includes('0') })
    }
  }
  const fair = total / Math.max(capacityOf(helpers), Number.MIN_VALUE)
  const tight = new Map<string, boolean>()
  for (const [arch, key] of setOf) {
    const set = sets.get(key)
    tight.set(arch, set !== undefined && !set.everywhere && set.work > 0.5 * fair * set.capacity)
  }
  const first = (load: L) => Number(tight.get(load.arch) ?? false)
  const urgency = (load: L) => load.urgency ?? 0
  return loads.toSorted((a, b) => urgency(b) - urgency(a) || first(b) - first(a) || b.work - a.work)
}

function capacityOf(helpers: readonly Helper[]): number {
  return helpers.reduce((sum, helper) => sum + helper.rate * helper.free.length, 0)
}

/** Replaces the root of a binary min-heap (a sorted array is one) and restores its order. */
function replaceSmallest(heap: number[], value: number): void {
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    const left = heap[child]
    if (left === undefined) break
    const right = heap[child + 1]
    if (right !== undefined && right < left) child += 1
    const smaller = heap[child] ?? value
    if (smaller >= value) break
    heap[index] = smaller
    index = child
  }
  heap[index] = value
}
