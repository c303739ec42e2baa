import type { RunEvent } from '../../src-core/run/run-events.ts'
import { beginning, builds, syntheticRun } from './synthetic-run.ts'

/**
 * A made-up run as machines would do it: each slot takes the next build when it is free, so that its
 * events have the times and the order of a real one. It has gone on for `seconds` now.
 */
export function scheduledRun(options: {
  readonly boards: number
  readonly commits: number
  readonly machines: number
  readonly seconds: number
  /** Seconds of a build are divided by this. */
  readonly speed: number
  readonly runId?: string
}): readonly RunEvent[] {
  const run = syntheticRun({ ...options, runId: options.runId ?? 'scheduled' })
  const now = Date.now()
  const begun = now - options.seconds * 1000
  const events: RunEvent[] = []
  const slots = run.machines.flatMap(({ name, slots }, machine) =>
    Array.from({ length: slots }, (_, slot) => ({
      name,
      slot,
      free: begun + 4000 + machine * 2500,
    })),
  )
  for (const build of builds(run)) {
    const place = slots.reduce((first, other) => (other.free < first.free ? other : first))
    if (place.free > now) break
    const where = { machine: place.name, slot: place.slot }
    const started = build.started(place.free)
    const finished = build.finished(place.free)
    if (started.type !== 'build-started' || finished.type !== 'build-finished') continue
    const end = place.free + (finished.seconds * 1000) / options.speed
    events.push({ ...started, ...where })
    // The third machine has nothing to do for a while, so that a gap is to be seen.
    const gap =
      place.slot % 5 === 3 && end - begun > options.seconds * 400 ? options.seconds * 80 : 0
    if (end <= now) events.push({ ...finished, ...where, at: end })
    place.free = end + 150 + gap
  }
  const wanted = run.boards.length * run.commits.length
  const finished = events.filter(({ type }) => type === 'build-finished')
  const end = finished.length < wanted ? now : Math.max(...finished.map(({ at }) => at))
  for (const { name } of run.machines) events.push(...loads(name, begun, end))
  events.sort((a, b) => a.at - b.at)
  if (end < now) events.push({ at: end, type: 'run-finished', exitCode: 100, cancelled: false })
  return [...beginning(run, begun), ...events]
}

function* loads(machine: string, begun: number, now: number): Generator<RunEvent> {
  for (let at = begun + 3000; at < now; at += 5000) {
    const share = (at - begun) / (now - begun)
    const load1m = 14 * (1 - Math.exp(-8 * share)) + 2 * Math.sin(at / 9000 + machine.length)
    yield { at, type: 'machine-load', machine, load1m: Math.max(0, load1m), memAvailableMb: 9000 }
  }
}
