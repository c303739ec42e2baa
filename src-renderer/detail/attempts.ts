import type { BuildReport } from '../../src-preload/contract.ts'
import type { BuildState } from '../../src-preload/model.ts'
import type { Attempt, RunState } from '../../src-preload/run-state.ts'
import { durationText } from '../grid/describe.ts'
import { machineTitle } from '../launch/build-sentence.ts'

/** One attempt at a build, in words. */
export type AttemptRow = {
  readonly machine: string
  /** From 1, as people count. */
  readonly slot: number
  /** When it began, in milliseconds since 1970. */
  readonly from: number
  readonly seconds: number
  readonly words: string
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
    case 'given back':
      return 'given back: the machine was drained'
  }
}

type Earlier = BuildReport['earlier'][number]

/** Against the last time it was built to the same outcome; empty where it never was. */
export function durationAgainst(
  seconds: number,
  outcome: BuildState,
  earlier: readonly Earlier[],
): string {
  const last = earlier.find((build) => build.outcome === outcome && build.seconds > 0)
  if (!last || seconds <= 0) return ''
  return `last time ${durationText(last.seconds)} on ${machineTitle(last.machine)}`
}

export type Suspicion = { readonly suspect: 'code' | 'machine'; readonly words: string }

/**
 * Whether the code or the machine is the likelier cause: what the newest build on another machine
 * says about one that failed here. Null where there is nothing to compare with.
 */
export function suspicion(
  machine: string,
  state: BuildState,
  earlier: readonly Earlier[],
): Suspicion | null {
  const elsewhere = earlier.find((build) => build.machine !== machine && build.machine !== '')
  if (state !== 'failed' || !elsewhere || elsewhere.outcome === 'not built') return null
  const there = machineTitle(elsewhere.machine)
  return elsewhere.outcome === 'failed'
    ? { suspect: 'code', words: `It failed on ${there}, too: look at the code first.` }
    : {
        suspect: 'machine',
        words: `${there} built it last time: build it there again to see whether it is the machine.`,
      }
}
