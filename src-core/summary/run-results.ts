/** What a run's own events know of its results: enough to compare two runs without their folders. */
import type { Diagnostic } from '../diagnostics/diagnostics.ts'
import { type BuildState, type Outcome, outcomes } from '../model.ts'
import { cellOf, type RunState, stateOf } from '../run/run-state.ts'
import type { BuildFacts, Results } from './facts.ts'

/** Results of one commit of a run, by default its last; errors are the first few of each build. */
export function resultsOfRun(run: RunState, upto = run.commits.length - 1): Results {
  return new Map(
    run.boards.map(({ target, arch }) => [
      target,
      { arch, facts: factsOf(run, cellOf(run, target, upto)) },
    ]),
  )
}

function factsOf(run: RunState, cell: number): BuildFacts | null {
  const outcome = outcomeOf(cell < 0 ? 'queued' : stateOf(run, cell))
  if (!outcome) return null
  const detail = run.details.get(cell)
  return {
    outcome,
    reason: detail?.reason ?? '',
    diagnostics: (detail?.firstErrors ?? []).map(errorLine),
    sizes: detail?.sizes ?? [],
    symbols: {},
    config: {},
    environment: {},
    fromScratch: true,
  }
}

function outcomeOf(state: BuildState): Outcome | null {
  return outcomes.find((outcome) => outcome === state) ?? null
}

/** Written by `formatDiagnostic`: the place is taken apart again, so that a fault that moved is the same. */
function errorLine(line: string): Diagnostic {
  const [, file = '', at = '0', column = '0', text = line] =
    /^([^\s:][^:]*):(\d{1,9})(?::(\d{1,9}))?: error: (.*)$/.exec(line) ?? []
  return {
    tool: 'cc',
    kind: 'error',
    file,
    line: Number(at),
    column: Number(column),
    text,
    logLine: 0,
  }
}
