import { type Attempt, type RunState, stateOf } from '../../../src-core/run/run-state.ts'
import type { Lanes } from '../../state/timeline/lanes.ts'

/** What a key does while the timeline has the focus. */
export type TimelineCommand =
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'pan'; readonly share: number }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'failure'; readonly by: 1 | -1 }
  | { readonly kind: 'solo'; readonly machine: number }
  | { readonly kind: 'all' | 'live' | 'open' | 'escape' }

export type Step = 'earlier' | 'later' | 'up' | 'down' | 'first' | 'last'

export const zoomStep = 0.7

const commands: Readonly<Record<string, TimelineCommand>> = {
  w: { kind: 'zoom', factor: zoomStep },
  s: { kind: 'zoom', factor: 1 / zoomStep },
  a: { kind: 'pan', share: -0.25 },
  d: { kind: 'pan', share: 0.25 },
  '+': { kind: 'zoom', factor: zoomStep },
  '-': { kind: 'zoom', factor: 1 / zoomStep },
  0: { kind: 'all' },
  l: { kind: 'live' },
  n: { kind: 'failure', by: 1 },
  N: { kind: 'failure', by: -1 },
  ArrowLeft: { kind: 'step', step: 'earlier' },
  ArrowRight: { kind: 'step', step: 'later' },
  ArrowUp: { kind: 'step', step: 'up' },
  ArrowDown: { kind: 'step', step: 'down' },
  Home: { kind: 'step', step: 'first' },
  End: { kind: 'step', step: 'last' },
  Enter: { kind: 'open' },
  Escape: { kind: 'escape' },
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** The command of a key, or null for one that the timeline leaves alone. */
export function timelineCommand({ key, ctrlKey, metaKey, altKey }: Key): TimelineCommand | null {
  if (ctrlKey || metaKey || altKey) return null
  if (/^[1-9]$/.test(key)) return { kind: 'solo', machine: Number(key) }
  return Object.hasOwn(commands, key) ? (commands[key] ?? null) : null
}

/** The attempt one step away from another: along its lane, or in the next lane that has any. */
export function stepFrom(
  lanes: Lanes,
  attempts: readonly Attempt[],
  from: number,
  step: Step,
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
