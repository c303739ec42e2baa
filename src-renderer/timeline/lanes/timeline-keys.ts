import { type Attempt, type RunState, stateOf } from '../../../src-core/run/run-state.ts'
import type { CommandOf } from '../../../src-preload/commands.ts'
import { commandOfKey, type KeyPress } from '../../../src-preload/key-bindings.ts'
import type { Lanes } from '../../state/timeline/lanes.ts'

/** What a key does while the timeline has the focus. */
export type TimelineCommand =
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'pan'; readonly share: number }
  | { readonly kind: 'step'; readonly step: TimelineStep }
  | { readonly kind: 'failure'; readonly by: 1 | -1 }
  | { readonly kind: 'solo'; readonly machine: number }
  | { readonly kind: 'all' | 'live' | 'open' | 'escape' }

export type TimelineStep = 'earlier' | 'later' | 'up' | 'down' | 'first' | 'last'

export const zoomStep = 0.7

const does: Readonly<Record<Exclude<CommandOf<'timeline'>, 'timeline-solo'>, TimelineCommand>> = {
  'timeline-zoom-in': { kind: 'zoom', factor: zoomStep },
  'timeline-zoom-out': { kind: 'zoom', factor: 1 / zoomStep },
  'timeline-earlier': { kind: 'pan', share: -0.25 },
  'timeline-later': { kind: 'pan', share: 0.25 },
  'timeline-all': { kind: 'all' },
  'timeline-live': { kind: 'live' },
  'timeline-next-failure': { kind: 'failure', by: 1 },
  'timeline-previous-failure': { kind: 'failure', by: -1 },
  'timeline-step-earlier': { kind: 'step', step: 'earlier' },
  'timeline-step-later': { kind: 'step', step: 'later' },
  'timeline-step-up': { kind: 'step', step: 'up' },
  'timeline-step-down': { kind: 'step', step: 'down' },
  'timeline-step-first': { kind: 'step', step: 'first' },
  'timeline-step-last': { kind: 'step', step: 'last' },
  'timeline-open': { kind: 'open' },
  'timeline-escape': { kind: 'escape' },
}

/** The command of a key, or null for one that the timeline leaves alone. */
export function timelineCommand(press: KeyPress): TimelineCommand | null {
  const found = commandOfKey('timeline', press)
  if (!found) return null
  if (found.id === 'timeline-solo') return { kind: 'solo', machine: found.which + 1 }
  return does[found.id]
}

/** The attempt one step away from another: along its lane, or in the next lane that has any. */
export function stepFrom(
  lanes: Lanes,
  attempts: readonly Attempt[],
  from: number,
  step: TimelineStep,
): number {
  const all = lanes.flat().filter((lane) => lane.length > 0)
  const at = attempts[from]
  if (!at) return all[0]?.[0] ?? -1
  const row = all.findIndex((lane) => lane.includes(from))
  const lane = all[row] ?? []
  const place = lane.indexOf(from)
  switch (step) {
    case 'earlier':
      return lane[place - 1] ?? from
    case 'later':
      return lane[place + 1] ?? from
    case 'first':
      return lane[0] ?? from
    case 'last':
      return lane.at(-1) ?? from
    case 'up':
    case 'down':
      return nearest(all[row + (step === 'up' ? -1 : 1)] ?? lane, attempts, at.from) ?? from
  }
}

function nearest(
  lane: readonly number[],
  attempts: readonly Attempt[],
  moment: number,
): number | undefined {
  const away = (index: number) => Math.abs((attempts[index]?.from ?? 0) - moment)
  return lane.reduce<number | undefined>(
    (best, index) => (best === undefined || away(index) < away(best) ? index : best),
    undefined,
  )
}

/** The next attempt (or the one before) whose build failed, in the order of time; -1 if none did. */
export function nextFailedAttempt(run: RunState, from: number, by: 1 | -1): number {
  const total = run.attempts.length
  const start = from < 0 ? (by > 0 ? -1 : total) : from
  for (let away = 1; away <= total; away += 1) {
    const index = (((start + by * away) % total) + total) % total
    const attempt = run.attempts[index]
    if (attempt?.end === 'won' && stateOf(run, attempt.cell) === 'failed') return index
  }
  return -1
}
