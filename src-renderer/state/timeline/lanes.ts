import type { Attempt, RunState } from '../../../src-core/run/run-state.ts'

/** What one slot of a machine did: indexes into `run.attempts`, in the order of their start. */
export type Lane = readonly number[]

/** The lanes of each machine of a run, by machine index, then slot. */
export type Lanes = readonly (readonly Lane[])[]

/**
 * Sorts a run's attempts into lanes. Attempts are only ever added, so each call looks at the new
 * ones alone; another run begins anew.
 */
export function createLaneSorter(): (run: RunState) => Lanes {
  let lanes: number[][][] = []
  let sorted: readonly Attempt[] = []
  let seen = 0
  return (run) => {
    if (run.attempts !== sorted) {
      lanes = []
      sorted = run.attempts
      seen = 0
    }
    for (const [index, { slots }] of run.machines.entries()) {
      const own = laneList(lanes, index)
      while (own.length < slots) own.push([])
    }
    for (; seen < run.attempts.length; seen += 1) {
      const attempt = run.attempts[seen]
      if (!attempt) continue
      const own = laneList(lanes, attempt.machine)
      while (own.length <= attempt.slot) own.push([])
      own[attempt.slot]?.push(seen)
    }
    return lanes
  }
}

function laneList(lanes: number[][][], machine: number): number[][] {
  while (lanes.length <= machine) lanes.push([])
  return lanes[machine] ?? []
}

/** Share (0 to 1) of the time between two moments in which a machine's lanes had work. */
export function busyShare(
  lanes: readonly Lane[],
  attempts: readonly Attempt[],
  from: number,
  to: number,
): number {
  const whole = (to - from) * lanes.length
  if (whole <= 0) return 0
  let busy = 0
  for (const lane of lanes) {
    for (const index of lane) {
      const attempt = attempts[index]
      if (!attempt) continue
      busy += Math.max(0, Math.min(attempt.to || to, to) - Math.max(attempt.from, from))
    }
  }
  return Math.min(1, busy / whole)
}

/** The same from the first attempt of any lane on; null where there is none before `to`. */
export function busySinceFirst(
  lanes: readonly Lane[],
  attempts: readonly Attempt[],
  to: number,
): number | null {
  const from = lanes.reduce(
    (first, lane) => Math.min(first, attempts[lane[0] ?? -1]?.from ?? first),
    Number.POSITIVE_INFINITY,
  )
  return from < to ? busyShare(lanes, attempts, from, to) : null
}

/** The first place in a lane whose attempt ends after a moment. */
export function firstAfter(lane: Lane, attempts: readonly Attempt[], at: number): number {
  let [low, high] = [0, lane.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const end = attempts[lane[middle] ?? -1]?.to ?? 0
    if (end !== 0 && end <= at) low = middle + 1
    else high = middle
  }
  return low
}
