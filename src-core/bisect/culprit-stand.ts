import type { Ancestry } from './ancestry.ts'

/** What is said of a board at a commit; `skip`: it can't be told there. */
export type Finding = 'good' | 'bad' | 'skip'

/** How far the search for what broke one board has come. */
export type CulpritStand =
  /** Whether it is bad at the last commit is not known yet. */
  | { readonly kind: 'end untested' }
  /** Nothing is to be found: it is good at the last commit, bad at the first, or neither can be told. */
  | { readonly kind: 'good at the end' | 'bad at the start' | 'end unknown' }
  /** One of `candidates` did it; `bad` is the last of them. `testable` are those without a finding. */
  | {
      readonly kind: 'open'
      readonly bad: number
      readonly candidates: readonly number[]
      readonly testable: readonly number[]
    }
  /** Only these commits before the candidates are to be tested, of which it is only inferred that they are good. */
  | {
      readonly kind: 'border untested'
      readonly candidates: readonly number[]
      readonly untested: readonly number[]
    }
  /** Its parents were all found good; without the first commit where that one can't be tested. */
  | { readonly kind: 'found'; readonly culprit: number; readonly parents: readonly number[] }
  /** The candidates can't be told apart: all but the last can't be tested. */
  | { readonly kind: 'hidden'; readonly candidates: readonly number[] }

/**
 * What the findings of a board say of its culprit. A commit is one only if it is bad itself and its
 * parents are good: a board may have been mended and broken again in between, so that what lies before
 * a good commit is only taken for good until it is tested.
 */
export function culpritStand(
  ancestry: Ancestry,
  findings: ReadonlyMap<number, Finding>,
): CulpritStand {
  const end = ancestry.count - 1
  const atEnd = findings.get(end)
  if (atEnd === undefined) return { kind: 'end untested' }
  if (atEnd === 'good') return { kind: 'good at the end' }
  if (atEnd === 'skip') return { kind: 'end unknown' }
  if (findings.get(0) === 'bad') return { kind: 'bad at the start' }
  let { bad, candidates } = smallest(ancestry, findings)
  for (;;) {
    const testable = candidates.filter((commit) => !findings.has(commit))
    if (testable.length > 0) return { kind: 'open', bad, candidates, testable }
    const border = borderOf(ancestry, candidates)
    const untested = border.filter((commit) => !findings.has(commit))
    if (untested.length > 0) return { kind: 'border untested', candidates, untested }
    const worse = border.find((commit) => findings.get(commit) === 'bad')
    // The person's word for the first commit stands where it can't be tested.
    const unclear = border.filter((commit) => commit > 0 && findings.get(commit) === 'skip')
    if (worse !== undefined) {
      bad = worse
      candidates = candidatesFor(ancestry, findings, worse)
    } else if (unclear.length > 0) {
      const more = unclear.flatMap((commit) => candidatesFor(ancestry, findings, commit))
      candidates = [...new Set([...candidates, ...more])].sort((a, b) => a - b)
    } else if (candidates.length > 1) return { kind: 'hidden', candidates }
    else {
      const parents = border.filter((commit) => findings.get(commit) === 'good')
      return { kind: 'found', culprit: bad, parents }
    }
  }
}

/** The bad commit with the fewest candidates, of those that no good one comes after. */
function smallest(ancestry: Ancestry, findings: ReadonlyMap<number, Finding>) {
  const goods = found(findings, 'good')
  let bad = ancestry.count - 1
  let candidates = candidatesFor(ancestry, findings, bad)
  for (const other of found(findings, 'bad')) {
    if (other === bad || !candidates.includes(other)) continue
    if (goods.some((good) => ancestry.reaches(good, other))) continue
    const fewer = candidatesFor(ancestry, findings, other)
    if (fewer.length < candidates.length) {
      bad = other
      candidates = fewer
    }
  }
  return { bad, candidates }
}

function candidatesFor(
  ancestry: Ancestry,
  findings: ReadonlyMap<number, Finding>,
  bad: number,
): readonly number[] {
  const goods = found(findings, 'good').filter((good) => !ancestry.reaches(good, bad))
  return ancestry.between([0, ...goods], bad)
}

function found(findings: ReadonlyMap<number, Finding>, wanted: Finding): number[] {
  return [...findings].flatMap(([commit, finding]) => (finding === wanted ? [commit] : []))
}

/** Parents of these commits that are none of them. */
function borderOf({ parents }: Ancestry, commits: readonly number[]): readonly number[] {
  const inside = new Set(commits)
  const border = commits.flatMap((commit) => parents[commit] ?? [])
  return [...new Set(border)].filter((commit) => !inside.has(commit)).sort((a, b) => a - b)
}
