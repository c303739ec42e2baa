/**
 * How long builds took, by board, machine and what there was to build upon: for the order of boards
 * and the estimate of the time. A small file of the app.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod'
import { replaceFile } from '../../src-system/replace-file.ts'

/**
 * `plain`: everything compiled. `cold`, `warm`: so too, with a compiler cache that had little or most
 * of it. `next`: a later commit in the folder of the one before.
 */
export const durationKinds = ['plain', 'cold', 'warm', 'next'] as const
export type DurationKind = (typeof durationKinds)[number]

export type Build = {
  readonly board: string
  readonly arch: string
  readonly machine: string
  readonly kind: DurationKind
}

type Sample = Build & {
  /** Mean of the last few. */
  readonly seconds: number
  /** Milliseconds since 1970. */
  readonly at: number
}

export type Durations = ReadonlyMap<string, Sample>

/** Of more than these the oldest are dropped. */
const MOST_SAMPLES = 30_000

/** Part of the new figure in the mean. */
const WEIGHT = 0.4

const keyOf = ({ board, machine, kind }: Build) => `${board}\n${machine}\n${kind}`

/** From the figures of a build: hits and misses of the compiler cache, null without one. */
export function durationKind(
  first: boolean,
  ccache: { readonly hits: number; readonly misses: number } | null,
): DurationKind {
  if (!first) return 'next'
  if (!ccache || ccache.hits + ccache.misses === 0) return 'plain'
  return ccache.hits >= ccache.misses ? 'warm' : 'cold'
}

/** The durations with one more build in them; the map is changed in place. */
export function recordDuration(
  durations: Map<string, Sample>,
  build: Build,
  seconds: number,
  at: number,
): void {
  if (!(seconds > 0) || !Number.isFinite(seconds)) return
  const { board, arch, machine, kind } = build
  const key = keyOf(build)
  const before = durations.get(key)
  const mean = before ? before.seconds + WEIGHT * (seconds - before.seconds) : seconds
  durations.delete(key)
  durations.set(key, { board, arch, machine, kind, seconds: mean, at })
  for (const oldest of durations.keys()) {
    if (durations.size <= MOST_SAMPLES) break
    durations.delete(oldest)
  }
}

export type Estimator = {
  /** Seconds of a build; on a typical machine where none is given. Undefined if nothing is known. */
  readonly seconds: (build: Omit<Build, 'machine'> & { machine?: string }) => number | undefined
  /** A machine's time relative to the typical one: 2 takes twice as long. 1 if unknown. */
  readonly factor: (machine: string) => number
}

/**
 * Estimates from what was measured. In this order: the board on this machine; the board elsewhere,
 * scaled by how the machines compare on boards that both built; the board with another state of the
 * cache, scaled likewise; the median of its architecture; the median of all. Pure.
 */
export function estimator(durations: Durations): Estimator {
  const factors = compareMachines(durations)
  const factor = (machine: string) => factors.get(machine) ?? 1
  const byBoard = new Groups()
  const byArch = new Groups()
  const byKind = new Groups()
  for (const sample of durations.values()) {
    const typical = sample.seconds / factor(sample.machine)
    byBoard.add(`${sample.board}\n${sample.kind}`, typical)
    byArch.add(`${sample.arch}\n${sample.kind}`, typical)
    byKind.add(sample.kind, typical)
  }
  const typicalOf = (groups: Groups, name: string, kind: DurationKind): number | undefined => {
    const same = groups.median(`${name}\n${kind}`)
    if (same !== undefined) return same
    for (const other of durationKinds) {
      const found = groups.median(`${name}\n${other}`)
      const [here, there] = [byKind.median(kind), byKind.median(other)]
      if (found !== undefined) return here && there ? (found * here) / there : found
    }
    return undefined
  }
  return {
    factor,
    seconds: ({ board, arch, kind, machine = '' }) => {
      const exact = durations.get(keyOf({ board, arch, machine, kind }))
      if (exact) return exact.seconds
      const typical =
        typicalOf(byBoard, board, kind) ??
        typicalOf(byArch, arch, kind) ??
        byKind.median(kind) ??
        byKind.median('plain')
      return typical === undefined ? undefined : typical * factor(machine)
    },
  }
}

/** Median time of each machine relative to the mean of all that built the same board. */
function compareMachines(durations: Durations): Map<string, number> {
  const builds = new Groups()
  for (const { board, kind, seconds } of durations.values())
    builds.add(`${board}\n${kind}`, seconds)
  const ratios = new Groups()
  for (const { board, kind, machine, seconds } of durations.values()) {
    const { count, mean } = builds.statistics(`${board}\n${kind}`)
    if (count > 1) ratios.add(machine, seconds / mean)
  }
  return ratios.medians()
}

/** Numbers by name; medians are computed once. */
class Groups {
  private readonly values = new Map<string, number[]>()
  private readonly known = new Map<string, number>()

  add(name: string, value: number): void {
    const group = this.values.get(name)
    if (group) group.push(value)
    else this.values.set(name, [value])
  }

  median(name: string): number | undefined {
    const known = this.known.get(name)
    if (known !== undefined) return known
    const group = this.values.get(name)
    const middle = group?.sort((a, b) => a - b)[group.length >> 1]
    if (middle !== undefined) this.known.set(name, middle)
    return middle
  }

  statistics(name: string): { count: number; mean: number } {
    const group = this.values.get(name) ?? []
    const count = group.length
    return { count, mean: group.reduce((sum, value) => sum + value, 0) / (count || 1) }
  }

  medians(): Map<string, number> {
    return new Map([...this.values.keys()].map((name) => [name, this.median(name) ?? 1]))
  }
}

const fileSchema = z.object({
  version: z.literal(1),
  samples: z.array(
    z.tuple([z.string(), z.string(), z.string(), z.enum(durationKinds), z.number(), z.number()]),
  ),
})

/** What the file holds; nothing where it is missing or damaged. */
export async function readDurations(path: string): Promise<Map<string, Sample>> {
  const durations = new Map<string, Sample>()
  try {
    const { samples } = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    for (const [board, arch, machine, kind, seconds, at] of samples) {
      const sample = { board, arch, machine, kind, seconds, at }
      durations.set(keyOf(sample), sample)
    }
  } catch {
    durations.clear()
  }
  return durations
}

/** Writes the file atomically. What another boss added meanwhile stays, the newer figure of both. */
export async function writeDurations(path: string, durations: Durations): Promise<void> {
  const merged = await readDurations(path)
  for (const [key, sample] of durations) {
    if ((merged.get(key)?.at ?? 0) <= sample.at) merged.set(key, sample)
  }
  const newest = [...merged.values()].sort((a, b) => a.at - b.at).slice(-MOST_SAMPLES)
  const samples = newest.map((one) => [
    one.board,
    one.arch,
    one.machine,
    one.kind,
    Number(one.seconds.toPrecision(4)),
    one.at,
  ])
  await mkdir(dirname(path), { recursive: true })
  await replaceFile(path, JSON.stringify({ version: 1, samples }))
}
