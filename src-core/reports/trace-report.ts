import { machineTitle } from '../basics/words.ts'
import { buildStates } from '../model.ts'
import type { Attempt, RunState } from '../run/run-state.ts'
import type { ReportSource } from './report-source.ts'

/** An event of Chrome's trace format; times in microseconds since the start of the run. */
type TraceEvent = {
  readonly ph: 'M' | 'X' | 'C' | 'i'
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts?: number
  readonly dur?: number
  readonly cat?: string
  /** Of an instant: it is the whole process's. */
  readonly s?: 'p'
  readonly args: Readonly<Record<string, string | number>>
}

/**
 * When which machine built what, as JSON for Perfetto and `chrome://tracing`: a machine is a process, a slot
 * a thread, an attempt a slice, load a counter, what a person should know an instant. Times are those of the
 * window's timeline. The run's log knows no phases within a build, so neither does this.
 */
export function traceReport({ run }: Pick<ReportSource, 'run'>): string {
  const events = [
    ...machineNames(run),
    ...run.attempts.map((attempt) => slice(run, attempt)),
    ...loads(run),
    ...notes(run),
  ]
  // One event a line: it may be long, and is then still a file that tools for lines can read.
  const lines = events.map((event) => JSON.stringify(event)).join(',\n')
  const { runId, startedAt } = run
  const about = JSON.stringify({ run: runId, startedAt: new Date(startedAt).toISOString() })
  return `{"displayTimeUnit":"ms","otherData":${about},"traceEvents":[\n${lines}\n]}\n`
}

function machineNames({ machines, attempts }: RunState): TraceEvent[] {
  return machines.flatMap(({ name, slots }, index) => {
    const pid = index + 1
    const used = attempts.reduce(
      (most, { machine, slot }) => (machine === index ? Math.max(most, slot + 1) : most),
      slots,
    )
    return [
      named('process_name', pid, 0, { name: machineTitle(name) }),
      named('process_sort_index', pid, 0, { sort_index: index }),
      ...Array.from({ length: used }, (_, slot) =>
        named('thread_name', pid, slot + 1, { name: `slot ${slot + 1}` }),
      ),
    ]
  })
}

function named(name: string, pid: number, tid: number, args: TraceEvent['args']): TraceEvent {
  return { ph: 'M', name, pid, tid, args }
}

function slice(run: RunState, { cell, machine, slot, from, to, end }: Attempt): TraceEvent {
  const { boards, commits, cells, details } = run
  const board = boards[Math.floor(cell / commits.length)]
  const commit = commits[cell % commits.length]
  const outcome = end === 'won' ? (buildStates[cells.state[cell] ?? 0] ?? end) : end
  const reason = end === 'won' ? (details.get(cell)?.reason ?? '') : ''
  return {
    ph: 'X',
    name: board?.target ?? '',
    cat: outcome,
    pid: machine + 1,
    tid: slot + 1,
    ts: (from - run.startedAt) * 1000,
    dur: ((to || Math.max(run.now, from)) - from) * 1000,
    args: {
      outcome,
      arch: board?.arch ?? '',
      ...(commit && { commit: commit.hash, subject: commit.subject }),
      ...(reason !== '' && { reason }),
    },
  }
}

function loads({ machines, startedAt }: RunState): TraceEvent[] {
  return machines.flatMap(({ loads: samples }, index) =>
    samples.map(({ at, load1m }): TraceEvent => {
      const ts = (at - startedAt) * 1000
      return { ph: 'C', name: 'load', pid: index + 1, tid: 0, ts, args: { load: load1m } }
    }),
  )
}

function notes({ notes: said, machineIndex, startedAt }: RunState): TraceEvent[] {
  return said.map(({ at, level, machine, text }): TraceEvent => {
    const pid = (machineIndex.get(machine) ?? -1) + 1
    const ts = (at - startedAt) * 1000
    return { ph: 'i', name: text, cat: level, pid, tid: 0, ts, s: 'p', args: { level } }
  })
}
