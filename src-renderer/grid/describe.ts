import { type BuildState, commitNumber } from '../../src-preload/model.ts'
import { type RunState, stateOf } from '../../src-preload/run-state.ts'
import { machineTitle, plural } from '../launch/build-sentence.ts'
import type { LastTime } from '../state/last-times-store.ts'
import { sizeChange } from './scene.ts'

/** What the tooltip, the details and the screen reader say about a cell. */
export type CellDescription = {
  readonly board: string
  readonly arch: string
  /** `#3 1a2b3c4d Fix the thing`; empty for a run over one commit. */
  readonly commit: string
  readonly state: BuildState
  /** State in words, e.g. `failed with 2 errors`. */
  readonly words: string
  /** Empty where none has to do with it yet. */
  readonly machine: string
  readonly lostBy: string
  /** Seconds it took, or has taken so far; 0 before it began. */
  readonly seconds: number
  readonly attempts: number
  readonly reason: string
  readonly firstErrors: readonly string[]
  readonly sizeChange: number
}

/** Describes a cell; null for one that the run does not have. `now` in milliseconds since 1970. */
export function describeCell(run: RunState, cell: number, now: number): CellDescription | null {
  const commits = Math.max(1, run.commits.length)
  const board = run.boards[Math.floor(cell / commits)]
  const commit = run.commits[cell % commits]
  if (!board || !commit || cell < 0) return null
  const { cells } = run
  const state = stateOf(run, cell)
  const detail = run.details.get(cell)
  const machine = cells.machine[cell] ?? 0
  const lostBy = cells.lostBy[cell] ?? 0
  return {
    board: board.target,
    arch: board.arch,
    commit:
      commits > 1 ? `#${commitNumber(commit)} ${commit.hash.slice(0, 8)} ${commit.subject}` : '',
    state,
    words: stateWords(state, cells.errors[cell] ?? 0, cells.warnings[cell] ?? 0),
    machine: machineName(run, machine),
    lostBy: lostBy === machine ? '' : machineName(run, lostBy),
    seconds:
      state === 'building'
        ? Math.max(0, (now - run.startedAt - (cells.startedMs[cell] ?? 0)) / 1000)
        : (cells.seconds[cell] ?? 0),
    attempts: cells.tries[cell] ?? 0,
    reason: detail?.reason ?? '',
    firstErrors: detail?.firstErrors ?? [],
    sizeChange: sizeChange(run, cell),
  }
}

export function stateWords(state: BuildState, errors: number, warnings: number): string {
  switch (state) {
    case 'failed':
      return errors > 0 ? `failed with ${plural(errors, 'error')}` : 'failed'
    case 'warnings':
      return `built with ${plural(warnings, 'warning')}`
    case 'ok':
      return 'built'
    case 'lost':
      return 'lost with its machine; waits for another'
    default:
      return state
  }
}

/** E.g. `snow, commit 3, failed, on moa`. */
export function cellLabel(run: RunState, cell: number): string {
  const commits = Math.max(1, run.commits.length)
  const board = run.boards[Math.floor(cell / commits)]
  const commit = run.commits[cell % commits]
  const machine = machineName(run, run.cells.machine[cell] ?? 0)
  return [
    board?.target ?? '',
    ...(commit && commits > 1 ? [`commit ${commitNumber(commit)}`] : []),
    stateOf(run, cell),
    ...(machine ? [`on ${machine}`] : []),
  ].join(', ')
}

/** `12.3 s`, `2:05 min` or `1:02:03 h`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)} h`
    : `${minutes}:${two(whole % 60)} min`
}

/** `last time 8.9 s on moa`; empty where there is nothing to compare with. */
export function againstText(last: LastTime | null): string {
  return last ? `last time ${durationText(last.seconds)} on ${machineTitle(last.machine)}` : ''
}

/** `+1,204 bytes`. */
export function bytesText(bytes: number): string {
  return `${bytes > 0 ? '+' : ''}${bytes.toLocaleString('en')} bytes`
}

function machineName(run: RunState, number: number): string {
  return machineTitle(run.machines[number - 1]?.name ?? '')
}
