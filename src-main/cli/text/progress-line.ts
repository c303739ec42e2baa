import { clockText, paceOf } from '../../../src-core/run/pace.ts'
import type { BuildFinished } from '../../../src-core/run/run-events.ts'
import { finishedBuilds, type MachineRun, type RunState } from '../../../src-core/run/run-state.ts'

/**
 * The line that a terminal shows while a run goes on, laid out as buildman's: ok, warned and
 * failed (5 wide each), all, remaining, time left, then the newest build and its machine, or
 * how far the machines are with their work trees.
 */
export function progressLine(run: RunState, newest: BuildFinished | null, now: number): string {
  const total = run.boards.length * run.commits.length
  const { ok, warnings, failed } = run.counts
  const count = (n: number) => String(n).padStart(5)
  const remaining = total - finishedBuilds(run)
  const left = paceOf(run, now).left
  const eta = left && remaining > 0 ? `${clockText((left.low + left.high) / 2)}  : ` : ''
  const last = newest ? `${newest.board} [${newest.machine || 'not built'}]` : underWay(run)
  const checked = run.counts['being checked']
  const checking = checked > 0 ? `  (${checked} being checked)` : ''
  const what = `${preparing(run) || last}${checking}`
  return `${count(ok)}${count(warnings)}${count(failed)} /${total} -${remaining}  ${eta}${what}`
}

/** `[moa 3/64, ohau sending the source 40%]` for machines that get ready while none builds. */
function preparing(run: RunState): string {
  if (run.counts.building > 0 || finishedBuilds(run) > run.previously) return ''
  const steps = run.machines
    .filter(({ phase }) => phase === 'preparing' || phase === 'connecting')
    .map((machine) => `${machine.name} ${step(machine)}`)
  return steps.length > 0 ? `[${steps.join(', ')}]` : ''
}

/** Until there is a first outcome to name. */
function underWay({ counts: { building } }: RunState): string {
  return building > 0 ? `building ${building}` : ''
}

function step({ phase, detail, progress }: MachineRun): string {
  // The reason for another try stands above, and is long.
  if (phase === 'connecting') return detail === '' ? phase : 'trying again'
  if (!progress || progress.total === 0) return detail || phase
  const { done, total } = progress
  // Work trees are counted as buildman counts them; of bytes nobody wants to read the number.
  return detail === 'making work trees'
    ? `${done}/${total}`
    : `${detail} ${Math.floor((100 * done) / total)}%`
}

/** One plain line per outcome, for where there is no terminal to rewrite a line on. */
export function outcomeLine(event: BuildFinished, run: RunState): string {
  const series = run.commits.length > 1 ? ` ${event.upto + 1}/${run.commits.length}` : ''
  const where = event.machine ? ` [${event.machine}]` : ''
  const why = [event.reason, event.proof?.text ?? ''].filter((text) => text !== '').join('; ')
  const reason = why ? `: ${why}` : ''
  const outcome = event.lacks ? 'no boot' : event.outcome
  return `${countOf(run)} ${outcome.padEnd(9)} ${event.board}${series}${where}${reason}`
}

/** One line for builds that were not built for one reason; there may be thousands of them. */
export function unbuiltLine(events: readonly BuildFinished[], run: RunState): string {
  const [first] = events
  if (first && events.length === 1) return outcomeLine(first, run)
  const boards = [...new Set(events.map(({ board }) => board))]
  const named = boards.slice(0, mostNamed).join(' ')
  const others = boards.length > mostNamed ? ` and ${boards.length - mostNamed} more` : ''
  const builds = events.length > boards.length ? ` (${events.length} builds)` : ''
  return `${countOf(run)} not built ${named}${others}${builds}: ${first?.reason ?? ''}`
}

const mostNamed = 8

function countOf(run: RunState): string {
  const total = run.boards.length * run.commits.length
  return `${String(finishedBuilds(run)).padStart(String(total).length)}/${total}`
}
