import { isConsequence, parseDiagnostics } from '../diagnostics/diagnostics.ts'
import { type Outcome, outcomeIn } from '../model.ts'
import { type RunState, stateOf } from '../run/run-state.ts'
import type { BoardResult, BuildFacts, Results } from './facts.ts'
import { beforeSeries, nextCommit, type Summary } from './summary.ts'

/**
 * The results of one commit as far as the run itself knows them: outcomes, sizes and the first
 * errors. Warnings and everything else stand in files that only the boss reads (`run:summary`).
 */
export function resultsOf(run: RunState, upto: number): Results {
  const commits = run.commits.length
  return new Map(
    run.boards.map(({ target, arch }, board): [string, BoardResult] => [
      target,
      { arch, facts: factsOf(run, board * commits + upto) },
    ]),
  )
}

/**
 * What each commit of a run did, as far as the run itself knows it; one step a commit, since one of
 * many boards takes tens of milliseconds.
 */
export function* summarySteps(run: RunState): Generator<Summary> {
  let baseline: Results | null = null
  for (const { upto } of run.commits) {
    const results = resultsOf(run, upto)
    const next = nextCommit(baseline ?? beforeSeries(results), results, null)
    baseline = next.baseline
    yield next.summary
  }
}

function factsOf(run: RunState, cell: number): BuildFacts | null {
  const outcome = outcomeOf(run, cell)
  if (!outcome) return null
  const detail = run.details.get(cell)
  const found = parseDiagnostics((detail?.firstErrors ?? []).join('\n')).list
  return {
    outcome,
    reason: detail?.reason ?? '',
    lacks: detail?.lacks ?? [],
    diagnostics: found.filter((one) => !isConsequence(one)),
    sizes: detail?.sizes ?? [],
    symbols: {},
    config: {},
    environment: {},
    footprint: null,
    fromScratch: false,
  }
}

function outcomeOf(run: RunState, cell: number): Outcome | null {
  return outcomeIn(stateOf(run, cell)) ?? null
}
