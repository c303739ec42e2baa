/** Which commits cut what is open into the smallest sections. Pure. */

/** A commit that may be tested, and how many of the candidates it and its ancestors are. */
export type Weighed = { readonly commit: number; readonly weight: number }

export type SectionQuestion = {
  /** What may be tested, in any order; where several weigh the same the first is taken. */
  readonly testable: readonly Weighed[]
  /** Weights of the tests that are under way. */
  readonly underWay: readonly number[]
  /** Weight of the commit that is known to be bad: the number of candidates. */
  readonly whole: number
  /** How many tests to add. */
  readonly places: number
}

/**
 * Tests that, with those under way, leave sections as equal as can be, whatever their results. With
 * nothing under way and one line of commits: `n` commits and `k` places leave at most
 * `ceil(n / (k + 1))` candidates.
 */
export function cutSections({ testable, underWay, whole, places }: SectionQuestion): number[] {
  const taken = new Set<number>()
  const weights = [0, ...underWay.toSorted((a, b) => a - b), whole]
  const all = weights.slice(1).map((to, at): Gap => ({ from: weights[at] ?? 0, to, cuts: 0 }))
  // A build that fails ends early: of tests that began together those before the culprit are under way
  // when those after it are over. So it most likely lies after the last test under way.
  const last = all.at(-1)
  const gaps = underWay.length > 0 && last && last.to - last.from > 1 ? [last] : all
  for (let left = Math.min(places, testable.length); left > 0; left -= 1) {
    const widest = gaps.reduce((best, gap) => (sectionOf(gap) > sectionOf(best) ? gap : best))
    widest.cuts += 1
  }
  for (const { from, to, cuts } of gaps) {
    for (let cut = 1; cut <= cuts; cut += 1) {
      const wanted = from + (cut * (to - from)) / (cuts + 1)
      const nearest = nearestTo(wanted, testable, taken)
      if (nearest !== undefined) taken.add(nearest)
    }
  }
  return [...taken]
}

type Gap = { readonly from: number; readonly to: number; cuts: number }

function sectionOf({ from, to, cuts }: Gap): number {
  return (to - from) / (cuts + 1)
}

function nearestTo(
  wanted: number,
  testable: readonly Weighed[],
  taken: ReadonlySet<number>,
): number | undefined {
  let best: Weighed | undefined
  for (const one of testable) {
    if (taken.has(one.commit)) continue
    if (!best || Math.abs(one.weight - wanted) < Math.abs(best.weight - wanted)) best = one
  }
  return best?.commit
}
