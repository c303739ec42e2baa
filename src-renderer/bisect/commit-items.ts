import type { BisectTest } from '../../src-core/bisect/bisect-state.ts'

/** What stands side by side on the line of a search: commits that were tested, and those between them. */
export type CommitItem =
  | {
      readonly kind: 'commit'
      readonly upto: number
      /** Null at the good end, while it is only taken for good. */
      readonly test: BisectTest | null
    }
  /** Untested commits from `from` to `to`; `open` of them may have done it. */
  | { readonly kind: 'gap'; readonly from: number; readonly to: number; readonly open: number }

/** Oldest first. `tests` are those of one board; `count` is the number of commits. */
export function commitItems(
  count: number,
  tests: readonly BisectTest[],
  candidates: readonly number[],
): readonly CommitItem[] {
  const open = new Set(candidates)
  const byCommit = new Map(tests.map((test) => [test.upto, test]))
  const shown = new Set([0, count - 1, ...byCommit.keys()])
  const items: CommitItem[] = []
  let from = 0
  for (const upto of [...shown].sort((a, b) => a - b)) {
    if (upto > from) items.push(gapOf(from, upto - 1, open))
    items.push({ kind: 'commit', upto, test: byCommit.get(upto) ?? null })
    from = upto + 1
  }
  return items
}

function gapOf(from: number, to: number, candidates: ReadonlySet<number>): CommitItem {
  let open = 0
  for (let upto = from; upto <= to; upto += 1) if (candidates.has(upto)) open += 1
  return { kind: 'gap', from, to, open }
}

/** How much room a gap takes beside others: 10 times as many commits are not 10 times as wide. */
export function gapWidth({ from, to }: { readonly from: number; readonly to: number }): number {
  return 1 + Math.log2(to - from + 1)
}
