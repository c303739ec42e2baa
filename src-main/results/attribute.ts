/** Which commit of a series introduced what a build says. */
import type { Commit } from '../../src-core/model.ts'
import { faultKey, introducers, type LineChange } from '../../src-core/summary/lines.ts'
import { type SeriesSource, summariseSeries } from './read-facts.ts'

/** A key of `faultKey`, and where it came from; null where it was there at the first commit already. */
export type Attribution = (fault: Parameters<typeof faultKey>[0]) => Commit | null

/** Reads the board's builds up to `upto`; a series has tens of commits, and each takes a millisecond. */
export async function attributeFaults(
  source: Omit<SeriesSource, 'boards'>,
  board: SeriesSource['boards'][number],
  upto: number,
): Promise<Attribution> {
  const commits = source.commits.filter((commit) => commit.upto <= upto)
  const wanted = { symbols: false, config: false, environment: false }
  const steps: { commit: Commit; lines: readonly LineChange[] }[] = []
  for await (const { commit, summary } of summariseSeries(
    { ...source, commits, boards: [board] },
    wanted,
  )) {
    steps.push({ commit, lines: summary.lines })
  }
  const since = introducers(steps)
  return (fault) => {
    const index = since.get(faultKey(fault)) ?? 0
    return index === 0 ? null : (steps[index]?.commit ?? null)
  }
}
