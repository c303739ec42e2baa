import type { BuildRecord } from '../../src-core/build/build-record.ts'

export type BuildQuestion = {
  readonly force: boolean
  readonly forceFailures: boolean
  /** What has another commit's outcome, since that changed nothing of it, is to be built, too. */
  readonly buildUnaffected?: boolean
  /** The current source is always built, unless a run of the same snapshot is being resumed. */
  readonly currentSource: boolean
  /** Commit, or snapshot of the current source. */
  readonly hash: string
  readonly resume: boolean
  /** Of `settingsFingerprint`. */
  readonly settings: string
  /** Outputs are to be kept, and not all of them are there. */
  readonly lacksOutputs: boolean
}

export type RebuildReason =
  | 'no outcome'
  | 'not built before'
  | 'current source'
  | 'forced'
  | 'failed or warned before'
  | 'other settings'
  | 'not kept whole'
  | 'as another commit'

/**
 * Why a build is to be done, or null where its outcome stands (reference, section 4, with its weak
 * points mended: `-F` takes failures without stderr too, a result of other settings does not count,
 * and a board that had no compiler gets another chance).
 */
export function whyBuild(
  record: BuildRecord | null,
  question: BuildQuestion,
): RebuildReason | null {
  if (!record) return 'no outcome'
  if (question.force) return 'forced'
  if (record.outcome === 'not built') return 'not built before'
  const isOurs = record.runId !== ''
  const same = isOurs && record.hash === question.hash
  if (question.currentSource && !(question.resume && same)) return 'current source'
  if (question.forceFailures && record.outcome !== 'ok') return 'failed or warned before'
  if (isOurs && record.settings !== question.settings) return 'other settings'
  if (question.buildUnaffected && record.asBefore !== undefined) return 'as another commit'
  return record.problems.length > 0 || question.lacksOutputs ? 'not kept whole' : null
}
