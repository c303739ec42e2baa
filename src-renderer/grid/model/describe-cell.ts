import { machineTitle, plural } from '../../../src-core/basics/words.ts'
import { type BuildState, commitNumber } from '../../../src-core/model.ts'
import { type BuildMark, markOf } from '../../../src-core/run/build-mark.ts'
import { type RunState, stateOf, waitsFirst } from '../../../src-core/run/run-state.ts'
import type { ColumnFeet } from '../../state/grid/column-totals.ts'
import type { LastTime } from '../../state/run/last-times-store.ts'
import { durationText } from '../../words.ts'
import { sizeChange } from '../painting/grid-scene.ts'

/** What the tooltip, the details and the screen reader say about a cell. */
export type CellDescription = {
  readonly board: string
  readonly arch: string
  /** `#3 1a2b3c4d Fix the thing`; empty for a run over one commit. */
  readonly commit: string
  readonly state: BuildState
  readonly mark: BuildMark
  /** State in words, e.g. `failed with 2 errors`. */
  readonly words: string
  /** Empty where none has to do with it yet. */
  readonly machine: string
  readonly lostBy: string
  /** `as at #3 1a2b3c4d: ...` where it was left out, since its commit changes nothing of it; else empty. */
  readonly asBefore: string
  /** `failed with 2 errors on moa`: what had come of it before this run built it again; else empty. */
  readonly before: string
  /** `h1: make: Input/output error`, by machine that failed it, where another one checks or checked that. */
  readonly said: readonly string[]
  /** How far a failure is known to be the code's; empty for all else. */
  readonly proof: string
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
  const mark = markOf(run, cell)
  const detail = run.details.get(cell)
  const machine = cells.machine[cell] ?? 0
  const lostBy = cells.lostBy[cell] ?? 0
  return {
    board: board.target,
    arch: board.arch,
    commit:
      commits > 1 ? `#${commitNumber(commit)} ${commit.hash.slice(0, 8)} ${commit.subject}` : '',
    state,
    mark,
    words:
      mark === 'no boot'
        ? 'does not boot'
        : waitsFirst(run, cell)
          ? 'queued; the next to be built'
          : stateWords(state, cells.errors[cell] ?? 0, cells.warnings[cell] ?? 0),
    machine: machineName(run, machine),
    lostBy: isLoser(run, cell) ? machineName(run, lostBy) : '',
    asBefore: asBeforeText(run, cell),
    before: beforeText(run, cell),
    said: (run.suspected.get(cell) ?? []).map(
      (said) => `${machineName(run, said.machine + 1)}: ${said.words}`,
    ),
    proof: detail?.proof?.text ?? '',
    seconds:
      state === 'building' || (state === 'being checked' && run.open.has(cell))
        ? Math.max(0, (now - run.startedAt - (cells.startedMs[cell] ?? 0)) / 1000)
        : (cells.seconds[cell] ?? 0),
    attempts: cells.tries[cell] ?? 0,
    // What can be done about it stands among the facts.
    reason:
      mark === 'no boot'
        ? `made without ${detail?.lacks.join(', ') ?? ''}`
        : (detail?.reason ?? ''),
    firstErrors: detail?.firstErrors ?? [],
    sizeChange: sizeChange(run, cell),
  }
}

/** Whether the machine noted as that of before went away: it may have failed or built it, too. */
function isLoser({ cells, suspected, earlier }: RunState, cell: number): boolean {
  const lostBy = cells.lostBy[cell] ?? 0
  return (
    lostBy !== cells.machine[cell] && lostBy !== earlier.get(cell)?.machine && !suspected.has(cell)
  )
}

function asBeforeText({ cells, commits }: RunState, cell: number): string {
  const from = cells.asBefore[cell] ?? 0
  if (from === 0) return ''
  const commit = commits[from - 1]
  const name = commit ? `#${commitNumber(commit)} ${commit.hash.slice(0, 8)}` : 'an earlier run'
  return `as at ${name}: nothing that it is built from has changed since`
}

function beforeText(run: RunState, cell: number): string {
  const earlier = run.earlier.get(cell)
  if (!earlier) return ''
  const words = stateWords(earlier.outcome, earlier.errors, earlier.warnings)
  const machine = machineName(run, earlier.machine)
  return machine ? `${words} on ${machine}` : words
}

export function stateWords(state: BuildState, errors: number, warnings: number): string {
  switch (state) {
    case 'failed':
      return errors > 0 ? `failed with ${plural(errors, 'error')}` : 'failed'
    case 'warnings':
      return `built with ${plural(warnings, 'warning')}`
    case 'ok':
      return 'built'
    case 'being checked':
      return 'failed; being checked on another machine'
    case 'lost':
      return 'lost with its machine; waits for another'
    default:
      return state
  }
}

/** What stands beside a board's name where there is room: `moa · 12 s`, or why there is no such thing. */
export function factsOf(run: RunState, cell: number, now: number): string {
  const build = describeCell(run, cell, now)
  if (!build || build.state === 'queued') return ''
  if (build.state === 'not built') return build.reason || build.state
  if (build.state === 'lost') return `lost by ${build.machine}`
  return [build.machine, ...(build.seconds > 0 ? [durationText(build.seconds)] : [])].join(' · ')
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
    markOf(run, cell),
    ...((run.cells.asBefore[cell] ?? 0) > 0 ? ['as before'] : []),
    ...(waitsFirst(run, cell) ? ['the next to be built'] : []),
    ...(machine ? [`on ${machine}`] : []),
  ].join(', ')
}

/** What is told of a commit's column. */
export type ColumnFacts = {
  readonly subject: string
  /** `#3 1a2b3c4d by Ada Smith`. */
  readonly commit: string
  /** `2 boards broken, 1 fixed`. */
  readonly counts: string
  readonly sizes: readonly {
    readonly arch: string
    readonly mean: number
    readonly boards: number
  }[]
}

/** Null for a commit that the run does not have. */
export function columnFacts(run: RunState, feet: ColumnFeet, upto: number): ColumnFacts | null {
  const commit = run.commits[upto]
  if (!commit) return null
  const by = commit.author ? ` by ${commit.author}` : ''
  const [broken, fixed] = [feet.broken[upto] ?? 0, feet.fixed[upto] ?? 0]
  const counts = [
    ...(broken > 0 ? [`${plural(broken, 'board')} broken`] : []),
    ...(fixed > 0 ? [`${plural(fixed, 'board')} fixed`] : []),
  ]
  return {
    subject: commit.subject,
    commit: `#${commitNumber(commit)} ${commit.hash.slice(0, 8)}${by}`,
    counts: counts.join(', ') || 'no board broken or fixed',
    sizes: feet.sizes.flatMap(({ arch, means, compared }) => {
      const boards = compared[upto] ?? 0
      return boards > 0 ? [{ arch, mean: means[upto] ?? 0, boards }] : []
    }),
  }
}

/** `last time 8.9 s on moa`; empty where there is nothing to compare with. */
export function againstText(last: LastTime | null): string {
  return last ? `last time ${durationText(last.seconds)} on ${machineTitle(last.machine)}` : ''
}

function machineName(run: RunState, number: number): string {
  return machineTitle(run.machines[number - 1]?.name ?? '')
}
