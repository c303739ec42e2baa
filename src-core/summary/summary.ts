/**
 * What a commit did, or how two runs differ: boards, errors and warnings, sizes, configuration and
 * environment. Pure; the rules are in docs/summary.md.
 */
import type { Outcome } from '../model.ts'
import {
  type BoardChange,
  boardsNotBooting,
  boardsNotBuilt,
  compareBoards,
  type NotBuilt,
  newBaseline,
} from './boards.ts'
import { type ChangedFiles, changesSince } from './changes.ts'
import type { Results } from './facts.ts'
import { findFlakes } from './flakes.ts'
import { compareFootprints, type FootprintGroup, type Hunks } from './footprint-changes.ts'
import { compareLines, type LineChange, withSilentWarnings } from './lines.ts'
import { type ArchSizes, compareSizes } from './sizes.ts'
import { type BoardGroup, type ConfigChanges, compareConfig, compareEnvironment } from './values.ts'

export type Summary = {
  /** Builds of this side by outcome; `unknown` has none yet. */
  readonly counts: Readonly<Record<Outcome | 'unknown', number>>
  /** All boards, also those that did not change. */
  readonly boards: readonly BoardChange[]
  readonly lines: readonly LineChange[]
  readonly sizes: readonly ArchSizes[]
  readonly config: ConfigChanges
  readonly environment: readonly BoardGroup[]
  readonly footprints: readonly FootprintGroup[]
  readonly notBuilt: readonly NotBuilt[]
  /** Boards whose images do not boot, since they were made without firmware that they need. */
  readonly noBoot: readonly string[]
  /** Boards that failed before and are built now although nothing that could mend them changed. */
  readonly flakes: readonly string[]
}

export type SummaryOptions = {
  /** Tell `y` from `1` in configurations. */
  readonly preserveY?: boolean
  /** Of the commit that is looked at, for footprints. */
  readonly hunks?: Hunks | null
}

/** Compares two sets of results as they are, e.g. of two runs. */
export function compareResults(
  before: Results,
  now: Results,
  options: SummaryOptions = {},
): Summary {
  const counts = { ok: 0, warnings: 0, failed: 0, 'not built': 0, unknown: 0 }
  for (const { facts } of now.values()) counts[facts?.outcome ?? 'unknown'] += 1
  return {
    counts,
    boards: compareBoards(before, now),
    lines: compareLines(before, now),
    sizes: compareSizes(before, now),
    config: compareConfig(before, now, options.preserveY ?? false),
    environment: compareEnvironment(before, now),
    footprints: compareFootprints(before, now, options.hunks ?? null),
    notBuilt: boardsNotBuilt(now),
    noBoot: boardsNotBooting(now),
    flakes: [],
  }
}

/** Before the first commit nothing has been built, and nothing has failed. */
export function beforeSeries(boards: Results): Results {
  return new Map([...boards].map(([board, { arch }]) => [board, { arch, facts: null }]))
}

/**
 * The next commit of a series, compared with the baseline that the commits before it have left.
 * `changedFiles` are those that differ from the commit before it, null if unknown: with them, warnings
 * that an incremental build did not repeat are not taken for mended.
 */
export function nextCommit(
  baseline: Results,
  results: Results,
  changedFiles: ChangedFiles,
  options: SummaryOptions = {},
): { readonly summary: Summary; readonly baseline: Results } {
  const now = withSilentWarnings(baseline, results, changedFiles)
  const flakes = findFlakes(baseline, now, (board) =>
    changesSince(baseline.get(board), changedFiles),
  )
  return {
    summary: { ...compareResults(baseline, now, options), flakes },
    baseline: newBaseline(baseline, now, changedFiles),
  }
}
