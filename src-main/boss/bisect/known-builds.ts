import { type BadRule, endsNeeded, judgeBuild } from '../../../src-core/bisect/bad-rule.ts'
import type { BisectTest } from '../../../src-core/bisect/bisect-state.ts'
import type { Finding } from '../../../src-core/bisect/culprit-stand.ts'
import type { FoundBuild } from './read-tested-build.ts'

/** A build of one board at one commit, and what the rule says of it. */
export type JudgedBuild = {
  readonly upto: number
  readonly build: FoundBuild
  readonly from: BisectTest['from']
  readonly finding: Finding
}

type KnownBuild = Omit<JudgedBuild, 'finding'>

/** What a search has seen of its boards. The first of several builds of the same counts. */
export class KnownBuilds {
  private readonly rule: BadRule
  private readonly lastCommit: number
  private readonly byBoard: ReadonlyMap<string, Map<number, KnownBuild>>

  constructor(rule: BadRule, boards: readonly string[], commits: number) {
    this.rule = rule
    this.lastCommit = commits - 1
    this.byBoard = new Map(boards.map((board) => [board, new Map()]))
  }

  get boards(): readonly string[] {
    return [...this.byBoard.keys()]
  }

  at(board: string, upto: number): FoundBuild | undefined {
    return this.byBoard.get(board)?.get(upto)?.build
  }

  /** Whether it is news. */
  add(board: string, upto: number, build: FoundBuild, from: BisectTest['from']): boolean {
    const known = this.byBoard.get(board)
    if (!known || known.has(upto)) return false
    known.set(upto, { upto, build, from })
    return true
  }

  /** All builds of a board, once they can be judged; its last commit first. */
  judged(board: string): readonly JudgedBuild[] {
    if (this.missingEnds(board).length > 0) return []
    const known = [...(this.byBoard.get(board)?.values() ?? [])]
    return known
      .sort((a, b) => b.upto - a.upto)
      .map((one) => ({ ...one, finding: this.judge(board, one.build) }))
  }

  /** Commits without whose builds none of this board can be judged. */
  missingEnds(board: string): readonly number[] {
    const ends = endsNeeded(this.rule).map((end) => (end === 'first' ? 0 : this.lastCommit))
    return ends.filter((upto) => !this.at(board, upto))
  }

  /** What a further build says. One that failed before has not to fail with the same words again. */
  judgeAgain(board: string, upto: number, build: FoundBuild): Finding {
    const first = this.at(board, upto)
    const failsAgain =
      this.rule.kind === 'fails' && build.outcome === 'failed' && first?.outcome === 'failed'
    return failsAgain ? 'bad' : this.judge(board, build)
  }

  private judge(board: string, build: FoundBuild): Finding {
    const first = this.at(board, 0) ?? null
    const last = this.at(board, this.lastCommit) ?? null
    return judgeBuild(this.rule, build, { first, last })
  }
}
