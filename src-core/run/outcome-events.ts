import type { BuildRecord } from '../build/build-record.ts'
import type { BuildFinished } from './run-events.ts'

/** What came of a build: `previously` in an earlier run, else now in this slot. */
export function outcomeOfRecord(
  board: string,
  upto: number,
  record: BuildRecord,
  built: { readonly slot: number } | 'previously',
): BuildFinished {
  const { machine, outcome, reason, returnCode, seconds, errors, warnings } = record
  const { firstErrors, sizes, truncated, problems, proof, lacks, reconfigured, asBefore } = record
  return {
    type: 'build-finished',
    board,
    upto,
    machine,
    slot: built === 'previously' ? 0 : built.slot,
    outcome,
    reason,
    returnCode,
    seconds,
    errors,
    warnings,
    firstErrors,
    sizes,
    ...(truncated.length > 0 && { truncated }),
    ...(problems.length > 0 && { problems }),
    ...(lacks.length > 0 && { lacks }),
    ...(proof && { proof }),
    ...(asBefore !== undefined && { asBefore }),
    ...(built !== 'previously' && sharedHitsIn(record)),
    ...(reconfigured && built !== 'previously' && { reconfigured }),
    previously: built === 'previously',
  }
}

function sharedHitsIn({ ccache }: BuildRecord): { readonly sharedHits?: number } {
  const sharedHits = ccache?.shared ?? 0
  return sharedHits > 0 ? { sharedHits } : {}
}

/** Of a build that nobody could or should build. */
export function notBuilt(board: string, upto: number, reason: string): BuildFinished {
  return {
    type: 'build-finished',
    board,
    upto,
    machine: '',
    slot: 0,
    outcome: 'not built',
    reason,
    returnCode: 0,
    seconds: 0,
    errors: 0,
    warnings: 0,
    firstErrors: [],
    sizes: [],
    previously: false,
  }
}
