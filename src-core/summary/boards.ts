/** How boards fare from one commit, or run, to the next. Pure. */
import type { Outcome } from '../model.ts'
import { type ChangedFiles, changesSince } from './changes.ts'
import { type BoardResult, type BuildFacts, isVerdict, type Results } from './facts.ts'

/** How a board fares, compared with before. */
export const compareClasses = [
  'regression',
  'fixed',
  'new failure',
  'still failing',
  'new pass',
  'appeared',
  'disappeared',
] as const
export type CompareClass = (typeof compareClasses)[number]

/** `unbuilt`: asked for, but without an outcome that says something about the source. */
export type Stand = 'pass' | 'fail' | 'unbuilt' | 'absent'

/** `undefined` where the board was not asked for, null where it has no outcome. */
export function standOf(outcome: Outcome | null | undefined): Stand {
  if (outcome === undefined) return 'absent'
  if (outcome === null || outcome === 'not built') return 'unbuilt'
  return outcome === 'failed' ? 'fail' : 'pass'
}

/** Null where there is nothing to say: still built, still not built, or not built any more. */
export function compareStands(before: Stand, now: Stand): CompareClass | null {
  if (before === 'absent') return now === 'absent' ? null : 'appeared'
  if (now === 'absent') return 'disappeared'
  if (now === 'fail') {
    if (before === 'fail') return 'still failing'
    return before === 'pass' ? 'regression' : 'new failure'
  }
  if (now === 'pass' && before !== 'pass') return before === 'fail' ? 'fixed' : 'new pass'
  return null
}

export type BoardChange = {
  readonly board: string
  readonly arch: string
  /** Null for no outcome, undefined for not asked for. */
  readonly before: Outcome | null | undefined
  readonly now: Outcome | null | undefined
  readonly change: CompareClass | null
  /** Warnings came where there were none, or all of them went; only between builds that passed. */
  readonly warnings: 'came' | 'went' | null
}

/** Boards of both sides of which nothing can be said, since the later one did not build them. */
export function notComparable(boards: readonly BoardChange[]): readonly BoardChange[] {
  return boards.filter(
    ({ before, now }) => standOf(now) === 'unbuilt' && standOf(before) !== 'absent',
  )
}

/** Every board of either side, those of `now` first, in their order. */
export function compareBoards(before: Results, now: Results): readonly BoardChange[] {
  const gone = [...before.keys()].filter((board) => !now.has(board))
  return [...now.keys(), ...gone].map((board) => {
    const [was, is] = [outcomeIn(before, board), outcomeIn(now, board)]
    return {
      board,
      arch: (now.get(board) ?? before.get(board))?.arch ?? '',
      before: was,
      now: is,
      change: compareStands(standOf(was), standOf(is)),
      warnings: warningsBetween(was, is),
    }
  })
}

function outcomeIn(results: Results, board: string): Outcome | null | undefined {
  const result = results.get(board)
  return result && (result.facts?.outcome ?? null)
}

function warningsBetween(
  before: Outcome | null | undefined,
  now: Outcome | null | undefined,
): 'came' | 'went' | null {
  if (now === 'warnings') return before === 'warnings' ? null : 'came'
  return before === 'warnings' && now === 'ok' ? 'went' : null
}

export type NotBuilt = { readonly reason: string; readonly boards: readonly string[] }

/** Boards without a verdict, by reason, the reason of most of them first. */
export function boardsNotBuilt(results: Results): readonly NotBuilt[] {
  const byReason = new Map<string, string[]>()
  for (const [board, { facts }] of results) {
    if (facts && facts.outcome !== 'not built') continue
    const reason = facts?.reason || 'no outcome'
    const boards = byReason.get(reason)
    if (boards) boards.push(board)
    else byReason.set(reason, [board])
  }
  return [...byReason]
    .map(([reason, boards]) => ({ reason, boards }))
    .sort((a, b) => b.boards.length - a.boards.length)
}

/** Boards that are built, but without firmware that their images need. */
export function boardsNotBooting(results: Results): readonly string[] {
  return [...results].flatMap(([board, { facts }]) =>
    facts && facts.outcome !== 'failed' && facts.lacks.length > 0 ? [board] : [],
  )
}

/**
 * What the next commit is compared with: of each board the newest verdict, and the newest sizes,
 * configuration and environment. A board that was not built once is compared with when it was, so it
 * neither breaks nor mends anything.
 */
export function newBaseline(
  before: Results,
  now: Results,
  changedFiles: ChangedFiles = null,
): Results {
  const next = new Map(before)
  for (const [board, { arch, facts }] of now) {
    const last = before.get(board)
    const age = isVerdict(facts) && facts.sizes.length > 0 ? {} : olderSizes(last)
    if (isVerdict(facts)) {
      next.set(board, { arch, facts: overlay(last?.facts ?? null, facts), ...age })
    } else {
      const missed = changesSince(last, changedFiles)
      next.set(board, { arch, facts: last?.facts ?? facts, missed, ...age })
    }
  }
  return next
}

function olderSizes(last: BoardResult | undefined): Pick<BoardResult, 'sizesAge'> {
  return last?.facts && last.facts.sizes.length > 0 ? { sizesAge: (last.sizesAge ?? 0) + 1 } : {}
}

function overlay(last: BuildFacts | null, facts: BuildFacts): BuildFacts {
  if (!last) return facts
  return {
    ...facts,
    sizes: facts.sizes.length > 0 ? facts.sizes : last.sizes,
    symbols: { ...last.symbols, ...facts.symbols },
    config: Object.keys(facts.config).length > 0 ? facts.config : last.config,
    environment: Object.keys(facts.environment).length > 0 ? facts.environment : last.environment,
  }
}
