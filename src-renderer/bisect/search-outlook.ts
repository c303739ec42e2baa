import { plural } from '../../src-core/basics/words.ts'
import type { BisectPart, BisectTest } from '../../src-core/bisect/bisect-state.ts'
import { durationText } from '../words.ts'

/** What is still to come of a part of a search. */
export type SearchOutlook = {
  /** Commits that may have done it. */
  readonly left: number
  /** Builds at once. */
  readonly places: number
  /** Rounds until one is left, if nothing is in the way; that which goes on counts. */
  readonly rounds: number
  /** Until it is confirmed; null where nothing is known of how long a build takes. */
  readonly seconds: number | null
}

/** `tests` are those of the board that leads the part. */
export function searchOutlook(
  { candidates }: Pick<BisectPart, 'candidates'>,
  tests: readonly BisectTest[],
): SearchOutlook {
  const left = candidates.length
  const places = Math.max(1, tests.filter(({ finding }) => finding === null).length)
  const rounds = left > 1 ? Math.ceil(Math.log(left) / Math.log(places + 1) - 1e-9) : 0
  const timed = tests.filter(({ seconds }) => seconds > 0)
  const mean = timed.reduce((sum, { seconds }) => sum + seconds, 0) / timed.length
  // The culprit and its parents are built once more at the end.
  return { left, places, rounds, seconds: timed.length > 0 ? (rounds + 1) * mean : null }
}

/** `12 commits left, about 2 rounds of 4 builds, 40 s`. */
export function outlookText({ left, places, rounds, seconds }: SearchOutlook): string {
  const parts = [
    left === 1 ? 'one commit left' : `${plural(left, 'commit')} left`,
    ...(rounds > 0
      ? [`about ${plural(rounds, 'round')} of ${places === 1 ? 'one build' : `${places} builds`}`]
      : []),
    ...(seconds === null ? [] : [`about ${durationText(seconds)} to go`]),
  ]
  return parts.join(', ')
}
