import type { BuildFinished } from '../../src-preload/run-events.ts'
import type { Run } from '../boss/run.ts'
import type { Output } from './output.ts'
import { outcomeLine, progressLine } from './progress-line.ts'
import {
  complaintLines,
  createEventText,
  endLines,
  type LocalShare,
  scopeText,
} from './run-text.ts'
import { createStatusLine } from './status-line.ts'

export type ShowOptions = {
  /** What this computer does of it; null for nothing. */
  readonly here: LocalShare | null
  /** Errors and warnings as they come. */
  readonly verbose: boolean
  /** What workers say, and each step of each machine. */
  readonly debug: boolean
}

/**
 * Shows a run as it goes on: a line that is written over on a terminal, a line per outcome elsewhere.
 * What is returned says how it ended.
 */
export function showRun(run: Run, options: ShowOptions, output: Output): () => void {
  const { verbose, debug, here } = options
  const eventText = createEventText(debug)
  let newest: BuildFinished | null = null
  const status = createStatusLine(output, () =>
    run.state.boards.length === 0 ? '' : progressLine(run.state, newest, Date.now()),
  )
  run.onLog((line) => {
    if (line.kind === 'worker' && debug) status.say(`[${line.machine}] ${line.text}`)
    if (line.kind === 'complaints' && verbose) {
      for (const text of complaintLines(line.machine, line.text)) status.say(text)
    }
  })
  run.onEvent((event) => {
    if (event.type === 'run-started') {
      const { request, boards, commits } = event
      const scope = scopeText(request.commits, boards.length, commits.length, here)
      status.say(`Building ${scope}`)
    } else if (event.type === 'build-finished') {
      newest = event
      const matters = event.outcome !== 'ok' && verbose
      if (!event.previously && (matters || !status.isLive))
        status.say(outcomeLine(event, run.state))
    } else {
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
