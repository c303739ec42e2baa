import type { PlanSummary } from '../../src-preload/contract.ts'
import { buildStates, type RunRequest } from '../../src-preload/model.ts'
import { clockText } from '../../src-preload/pace.ts'
import type { BuildFinished, RunEvent } from '../../src-preload/run-events.ts'
import { finishedBuilds, type RunState } from '../../src-preload/run-state.ts'
import type { Boss } from '../boss/boss.ts'
import type { Run } from '../boss/run.ts'
import type { Flags } from './flags.ts'
import { type Output, sayProblem } from './output.ts'
import { outcomeLine, progressLine } from './progress-line.ts'

/** What `finished` tells of each build that was asked for, in `--json`. */
export type JsonBuild = {
  readonly board: string
  readonly commit: string
  readonly upto: number
  readonly outcome: string
  readonly reason: string
  readonly machine: string
  readonly attempts: number
  readonly seconds: number
}

/** Builds, showing progress; resolves with the exit code. */
export async function buildCommand(
  boss: Boss,
  request: RunRequest,
  flags: Flags,
  output: Output,
): Promise<number> {
  const started = await boss.start(request)
  if (!started.ok) {
    sayProblem(output, started.problem)
    return 1
  }
  const run = started.value
  const release = stopOnInterrupt(run, output)
  const shown = flags.on.has('json') ? showJson(run, output) : showProgress(run, flags, output)
  const exitCode = await run.finished
  release()
  shown(exitCode)
  return exitCode === 101 && flags.on.has('ignore-warnings') ? 0 : exitCode
}

/** Ctrl-C ends the run and its workers; a second one ends this program at once. */
function stopOnInterrupt(run: Run, output: Output): () => void {
  let asked = false
  const interrupt = () => {
    if (asked) process.exit(1)
    asked = true
    output.err('\nslipway: stopping; once more to leave at once\n')
    run.act({ kind: 'cancel' })
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return () => {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** Events as JSON lines; the last one has a row for every build. */
function showJson(run: Run, output: Output): (exitCode: number) => void {
  run.onEvent((event) => {
    const { type, ...rest } = event
    output.out(`${JSON.stringify({ event: type, ...rest })}\n`)
  })
  return (exitCode) => {
    const last = { event: 'finished', exitCode, builds: jsonBuilds(run.state) }
    output.out(`${JSON.stringify(last)}\n`)
  }
}

export function jsonBuilds(state: RunState): JsonBuild[] {
  return state.boards.flatMap(({ target }, row) =>
    state.commits.map((commit): JsonBuild => {
      const cell = row * state.commits.length + commit.upto
      const machine = state.machines[(state.cells.machine[cell] ?? 0) - 1]
      return {
        board: target,
        commit: commit.hash,
        upto: commit.upto,
        outcome: buildStates[state.cells.state[cell] ?? 0] ?? 'queued',
        reason: state.details.get(cell)?.reason ?? '',
        machine: machine?.name ?? '',
        attempts: state.cells.tries[cell] ?? 0,
        seconds: Math.round((state.cells.seconds[cell] ?? 0) * 1000) / 1000,
      }
    }),
  )
}

/** A line that is written over on a terminal, plain lines elsewhere. */
function showProgress(run: Run, flags: Flags, output: Output): (exitCode: number) => void {
  let newest: BuildFinished | null = null
  const redraw = () => {
    if (output.columns === 0 || run.state.boards.length === 0) return
    const line = progressLine(run.state, newest, Date.now()).slice(0, output.columns - 1)
    output.err(`\r\x1b[K${line}`)
  }
  const say = (text: string) => {
    output.err(output.columns > 0 ? `\r\x1b[K${text}\n` : `${text}\n`)
    redraw()
  }
  const timer = setInterval(redraw, 500)
  run.onLog((line) => {
    if (flags.on.has('debug') && line.kind === 'worker') say(`[${line.machine}] ${line.text}`)
  })
  run.onEvent((event) => {
    if (event.type === 'build-finished') {
      newest = event
      if (output.columns === 0 && !event.previously) say(outcomeLine(event, run.state))
      else redraw()
      if (flags.on.has('verbose')) for (const text of verboseLines(event)) say(text)
      return
    }
    const text = eventLine(event, flags)
    if (text !== null) say(text)
    else redraw()
  })
  return () => {
    clearInterval(timer)
    if (output.columns > 0) output.err('\r\x1b[K')
    output.out(`${endLine(run.state)}\n`)
  }
}

function eventLine(event: RunEvent, flags: Flags): string | null {
  switch (event.type) {
    case 'run-started':
      return startLine(event.request, event.boards.length, event.commits.length)
    case 'note':
      return event.machine === '' ? event.text : `${event.machine}: ${event.text}`
    case 'machine-changed': {
      if (event.phase === 'lost' || event.phase === 'left out') {
        return `${event.machine}: ${event.phase}: ${event.detail}`
      }
      return flags.on.has('debug') ? `${event.machine}: ${event.phase} ${event.detail}` : null
    }
    default:
      return null
  }
}

/** As buildman's; what this computer does is said where it builds. */
export function startLine(request: RunRequest, boards: number, commits: number): string {
  const { noLocal, settings } = request
  const what = request.commits.kind === 'current' ? 'current source' : `${commits} commits`
  const jobs = settings.jobs > 0 ? `${settings.jobs} jobs per thread` : 'jobs shared between them'
  const threads = settings.threads > 0 ? `${settings.threads} threads` : 'a thread per core'
  const here = noLocal ? '' : ` (${threads}, ${jobs})`
  return `Building ${what} for ${boards} boards${here}`
}

/** Errors and warnings of a board built elsewhere are headed by the machine. */
function verboseLines(event: BuildFinished): string[] {
  if (event.outcome !== 'failed' && event.outcome !== 'warnings') return []
  const head = event.machine === '' || event.machine === 'local' ? [] : [`[${event.machine}]`]
  return [...head, ...event.firstErrors]
}

export function endLine(state: RunState): string {
  const seconds = Math.max(0.001, (state.finishedAt - state.startedAt) / 1000)
  const all = finishedBuilds(state)
  const newly = all - state.previously - state.counts['not built']
  const { ok, warnings, failed } = state.counts
  const details = [
    `${ok} ok`,
    `${warnings} with warnings`,
    `${failed} failed`,
    `${state.counts['not built']} not built`,
  ].join(', ')
  const rate = (newly / seconds).toFixed(2)
  return `Completed: ${all} total built (${state.previously} previously, ${newly} newly), duration ${clockText(seconds)}, rate ${rate}\n${details}`
}

/** What a run would do, in words. */
export function planLines(plan: PlanSummary): string[] {
  const lines = plan.machines.map(({ name, slots, boards, reason }) =>
    reason === ''
      ? `  ${name}: about ${boards} boards on ${slots} slots`
      : `  ${name}: none: ${reason}`,
  )
  for (const { reason, boards } of plan.notBuilt) {
    lines.push(`  not built: ${boards.length} boards: ${reason}`)
  }
  if (plan.previously > 0) lines.push(`  ${plan.previously} builds have their outcome already`)
  if (plan.estimate) {
    const { low, high } = plan.estimate
    lines.push(`  about ${clockText(low)} to ${clockText(high)}`)
  }
  for (const note of plan.notes) lines.push(`  note: ${note}`)
  if (plan.blocked !== '') lines.push(`  can't start: ${plan.blocked}`)
  return lines
}
