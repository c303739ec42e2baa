import { type HiddenWarnings, withoutWarnings } from '../../src-core/diagnostics/hidden-warnings.ts'
import type { BuildFinished } from '../../src-core/run/run-events.ts'
import type { Run } from '../boss/driving/run-under-way.ts'
import type { Output } from './text/output.ts'
import { outcomeLine, progressLine, unbuiltLine } from './text/progress-line.ts'
import {
  complaintLines,
  createEventText,
  endLines,
  type LocalShare,
  scopeText,
} from './text/run-text.ts'
import { createStatusLine } from './text/status-line.ts'

export type ShowOptions = {
  /** What this computer does of it; null for nothing. */
  readonly here: LocalShare | null
  /** Errors and warnings as they come. */
  readonly verbose: boolean
  /** Warnings that are not wanted with them. */
  readonly hidden: HiddenWarnings
  /** What workers say, and each step of each machine. */
  readonly debug: boolean
}

/** For editors that start this and read stderr: what compilers said of each build, and nothing else. */
export function showComplaints(run: Run, output: Output): () => void {
  run.onLog((line) => {
    if (line.kind === 'complaints')
      output.err(line.text.endsWith('\n') ? line.text : `${line.text}\n`)
  })
  return () => {}
}

/**
 * Shows a run as it goes on: a line that is written over on a terminal, a line per outcome elsewhere.
 * What is returned says how it ended.
 */
export function showRun(run: Run, options: ShowOptions, output: Output): () => void {
  const { verbose, hidden, debug, here } = options
  const eventText = createEventText(debug)
  let newest: BuildFinished | null = null
  const status = createStatusLine(output, () =>
    run.state.boards.length === 0 ? '' : progressLine(run.state, newest, Date.now()),
  )
  /** Builds that are given up come in floods, all in one turn; by reason. */
  const unbuilt = new Map<string, BuildFinished[]>()
  const tellUnbuilt = () => {
    for (const events of unbuilt.values()) status.say(unbuiltLine(events, run.state))
    unbuilt.clear()
  }
  const showOutcome = (event: BuildFinished) => {
    newest = event
    const matters = (event.outcome !== 'ok' && verbose) || !status.isLive
    if (event.previously || !matters) return
    if (event.outcome !== 'not built') {
      status.say(outcomeLine(event, run.state))
      return
    }
    if (unbuilt.size === 0) queueMicrotask(tellUnbuilt)
    const same = unbuilt.get(event.reason)
    if (same) same.push(event)
    else unbuilt.set(event.reason, [event])
  }
  run.onLog((line) => {
    if (line.kind === 'worker' && debug) status.say(`[${line.machine}] ${line.text}`)
    if (line.kind === 'complaints' && verbose) {
      for (const text of complaintLines(line.machine, withoutWarnings(line.text, hidden)))
        status.say(text)
    }
  })
  run.onEvent((event) => {
    if (event.type === 'run-started') {
      const { request, boards, commits } = event
      const scope = scopeText(request.commits, boards.length, commits.length, here)
      status.say(`Building ${scope}`)
    } else if (event.type === 'build-finished') showOutcome(event)
    else {
      const text = eventText(event)
      if (text !== null) status.say(text)
    }
    status.change()
  })
  return () => {
    status.end()
    for (const line of endLines(run.state)) output.out(`${line}\n`)
  }
}
