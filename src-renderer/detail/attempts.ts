import type { Attempt, RunState } from '../../src-core/run/run-state.ts'

/** One attempt at a build, in words. */
export type AttemptRow = {
  readonly machine: string
  /** From 1, as people count. */
  readonly slot: number
  /** When it began, in milliseconds since 1970. */
  readonly from: number
  readonly seconds: number
  readonly words: string
  /** What its machine said when it failed there, while that was not believed; empty otherwise. */
  readonly said: string
}

/** Every attempt at a build in this run, in order. `now` in milliseconds since 1970. */
export function attemptRows(run: RunState, cell: number, now: number): readonly AttemptRow[] {
  return run.attempts
    .filter((attempt) => attempt.cell === cell)
    .map((attempt) => ({
      machine: run.machines[attempt.machine]?.name ?? '',
      slot: attempt.slot + 1,
      from: attempt.from,
      seconds: Math.max(0, ((attempt.to || now) - attempt.from) / 1000),
      words: endWords(attempt.end),
      said:
        attempt.end === 'suspected'
          ? (run.suspected.get(cell)?.find(({ machine }) => machine === attempt.machine)?.words ??
            '')
          : '',
    }))
}

function endWords(end: Attempt['end']): string {
  switch (end) {
    case 'open':
      return 'building'
    case 'won':
      return 'gave the outcome'
    case 'lost':
      return 'lost with its machine'
    case 'overtaken':
      return 'overtaken: another machine was first'
    case 'suspected':
      return 'failed; then checked on another machine'
    case 'given back':
      return 'given back: the machine was drained'
  }
}
