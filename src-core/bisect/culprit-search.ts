import type { Ancestry } from './ancestry.ts'
import { type CulpritStand, culpritStand, type Finding } from './culprit-stand.ts'
import { cutSections } from './sections.ts'

/** A build that the search asks for; `again`: to confirm what was found, on another machine if there is one. */
export type WantedTest = {
  readonly board: string
  readonly commit: number
  readonly again: boolean
}

/**
 * What a search ends with, and the boards that it holds for. The first of them led: its builds were
 * done again where a culprit is named.
 */
export type Answer = { readonly boards: readonly string[] } & (
  | { readonly kind: 'culprit'; readonly commit: number; readonly parents: readonly number[] }
  /** One of these, which can't be told apart. */
  | { readonly kind: 'one of'; readonly candidates: readonly number[] }
  /** `commit` came out both ways when it was built again: so many times bad of `built`. */
  | {
      readonly kind: 'flaky'
      readonly commit: number
      readonly bad: number
      readonly built: number
    }
  | { readonly kind: 'good at the end' | 'bad at the start' | 'end unknown' }
)

/** Boards that one commit may have broken; the leader is tested for all of them. Without a cause: it takes no more. */
type Group = {
  readonly leader: string
  readonly boards: Set<string>
  readonly cause: string | null
}

/** What is open for the leader of a group, as people see it. */
export type OpenSearch = {
  readonly leader: string
  readonly boards: readonly string[]
  readonly stand: CulpritStand
  readonly step: 'searching' | 'boards hit' | 'confirming'
}

/**
 * Finds the commits that broke boards. It is told what builds say, in any order, and says what to build
 * next: so many at once as there are places. Boards that complain alike are searched for together: one of
 * them leads, the others are built only where its culprit was found, and those that this one does not
 * explain are searched for by themselves. No clock, no I/O.
 */
export class CulpritSearch {
  private readonly ancestry: Ancestry
  private readonly findings = new Map<string, Map<number, Finding>>()
  /** By board and commit: what further builds of it said. */
  private readonly further = new Map<string, Map<number, Finding[]>>()
  private readonly byHand = new Set<number>()
  private readonly groups = new Set<Group>()
  private readonly ended: Answer[] = []
  /** By board: tests that were asked for, and are worth keeping. */
  private readonly asked = new Map<string, Set<number>>()
  /** Boards of which the end is not known yet. */
  private readonly unsorted: Set<string>

  constructor(ancestry: Ancestry, boards: readonly string[]) {
    this.ancestry = ancestry
    this.unsorted = new Set(boards)
    for (const board of boards) {
      this.findings.set(board, new Map())
      this.further.set(board, new Map())
      this.asked.set(board, new Set())
    }
  }

  get isOver(): boolean {
    return this.unsorted.size === 0 && this.groups.size === 0
  }

  get answers(): readonly Answer[] {
    return this.ended
  }

  /** What is still searched for. */
  get open(): readonly OpenSearch[] {
    return [...this.groups].map((group) => ({
      leader: group.leader,
      boards: [...group.boards],
      stand: this.standOf(group.leader),
      step: this.stepOf(group),
    }))
  }

  findingOf(board: string, commit: number): Finding | undefined {
    return this.findings.get(board)?.get(commit)
  }

  /** All that is known of a board. */
  findingsOf(board: string): ReadonlyMap<number, Finding> {
    return this.findings.get(board) ?? new Map()
  }

  /** A build came out. `cause` is what a bad one complains of: boards with the same are searched for together. */
  tell(board: string, commit: number, finding: Finding, cause = ''): void {
    const known = this.findings.get(board)
    if (!known || known.has(commit)) return
    known.set(commit, finding)
    if (commit === this.ancestry.count - 1) this.sortIn(board, cause)
    this.settle()
  }

  /** A build that was asked for again came out. */
  tellAgain(board: string, commit: number, finding: Finding): void {
    const further = this.further.get(board)
    further?.set(commit, [...(further.get(commit) ?? []), finding])
    this.settle()
  }

  /** A person says it of a commit, for all boards; what builds said of it does not count any more. */
  mark(commit: number, finding: Finding): void {
    this.byHand.add(commit)
    for (const [board, known] of this.findings) {
      known.set(commit, finding)
      if (commit === this.ancestry.count - 1) this.sortIn(board, '')
    }
    this.settle()
  }

  /** All that should be built now, on so many places; what is under way and not named is of no use any more. */
  want(places: number): readonly WantedTest[] {
    const end = this.ancestry.count - 1
    const wanted = [...this.unsorted].map((board) => ({ board, commit: end, again: false }))
    const searching = [...this.groups].filter((group) => this.stepOf(group) === 'searching')
    const each = Math.max(1, Math.floor(places / Math.max(1, searching.length)))
    for (const group of this.groups) {
      const builds = searching.includes(group)
        ? this.testsFor(group.leader, each).map((commit) => ({
            ...{ board: group.leader, commit, again: false },
          }))
        : [...this.missingIn(group), ...this.unconfirmed(group)]
      wanted.push(...builds)
    }
    return wanted
  }

  private standOf(board: string): CulpritStand {
    return culpritStand(this.ancestry, this.findings.get(board) ?? new Map())
  }

  private sortIn(board: string, cause: string): void {
    if (!this.unsorted.delete(board)) return
    const alike = [...this.groups].find((group) => group.cause === cause)
    if (alike && this.findingOf(board, this.ancestry.count - 1) === 'bad') alike.boards.add(board)
    else this.groups.add({ leader: board, boards: new Set([board]), cause })
  }

  private stepOf(group: Group): OpenSearch['step'] {
    if (this.standOf(group.leader).kind !== 'found') return 'searching'
    return this.missingIn(group).length > 0 ? 'boards hit' : 'confirming'
  }

  private testsFor(leader: string, places: number): readonly number[] {
    const stand = this.standOf(leader)
    const tests =
      stand.kind === 'border untested'
        ? stand.untested
        : stand.kind === 'open'
          ? this.sectionsFor(leader, stand, places)
          : []
    this.asked.set(leader, new Set(tests))
    return tests
  }

  private sectionsFor(
    leader: string,
    { bad, candidates, testable }: Extract<CulpritStand, { kind: 'open' }>,
    places: number,
  ): readonly number[] {
    const open = new Set(testable)
    const kept = [...(this.asked.get(leader) ?? [])].filter((commit) => open.has(commit))
    const line = this.ancestry.mainLine(bad)
    const weights = this.ancestry.weights(candidates)
    const weighed = candidates.map((commit, at) => ({ commit, weight: weights[at] ?? 0 }))
    const ordered = [
      ...weighed.filter(({ commit }) => line.has(commit)),
      ...weighed.filter(({ commit }) => !line.has(commit)),
    ]
    const added = cutSections({
      testable: ordered.filter(({ commit }) => open.has(commit) && !kept.includes(commit)),
      underWay: weighed.flatMap(({ commit, weight }) => (kept.includes(commit) ? [weight] : [])),
      whole: candidates.length,
      places: Math.max(0, places - kept.length),
    })
    return [...kept, ...added]
  }

  /** Builds of the other boards at the leader's culprit and its parents. */
  private missingIn({ leader, boards }: Group): readonly WantedTest[] {
    const commits = this.foundOf(leader)
    return [...boards].flatMap((board) =>
      commits
        .filter((commit) => this.findingOf(board, commit) === undefined)
        .map((commit) => ({ board, commit, again: false })),
    )
  }

  /** Culprit and parents of a board; empty where they are not known. */
  private foundOf(leader: string): readonly number[] {
    const stand = this.standOf(leader)
    return stand.kind === 'found' ? [...stand.parents, stand.culprit] : []
  }

  private unconfirmed({ leader }: Group): readonly WantedTest[] {
    return this.foundOf(leader)
      .filter((commit) => !this.byHand.has(commit) && !this.further.get(leader)?.has(commit))
      .map((commit) => ({ board: leader, commit, again: true }))
  }

  /** Ends what can be ended, and splits groups that have not one culprit. */
  private settle(): void {
    for (const group of [...this.groups]) this.settleGroup(group)
  }

  private settleGroup(group: Group): void {
    const stand = this.standOf(group.leader)
    const boards = [...group.boards]
    switch (stand.kind) {
      case 'good at the end':
      case 'bad at the start':
      case 'end unknown':
        this.end(group, { kind: stand.kind, boards: [group.leader] })
        return
      case 'hidden':
        // Of the others nothing is known: they are looked into by themselves.
        this.end(group, {
          kind: 'one of',
          candidates: stand.candidates,
          boards: boards.filter((board) => this.isHiddenAlike(board, stand.candidates)),
        })
        return
      case 'found': {
        if (this.missingIn(group).length > 0) return
        const { culprit: commit, parents } = stand
        const hit = boards.filter((board) => this.isHit(board, commit, parents))
        this.split(group, hit)
        this.conclude(group, { kind: 'culprit', commit, parents, boards: hit })
        return
      }
      default:
    }
  }

  private isHit(board: string, culprit: number, parents: readonly number[]): boolean {
    return (
      this.findingOf(board, culprit) === 'bad' &&
      parents.every((parent) => this.findingOf(board, parent) === 'good')
    )
  }

  private isHiddenAlike(board: string, candidates: readonly number[]): boolean {
    const stand = this.standOf(board)
    return stand.kind === 'hidden' && stand.candidates.join() === candidates.join()
  }

  /** What the leader's culprit does not explain becomes a group of its own. */
  private split(group: Group, hit: readonly string[]): void {
    const [leader, ...others] = [...group.boards].filter((board) => !hit.includes(board))
    if (leader === undefined) return
    for (const board of [leader, ...others]) group.boards.delete(board)
    const rest = { leader, boards: new Set([leader, ...others]), cause: null }
    this.groups.add(rest)
    this.settleGroup(rest)
  }

  /** The verdict, once further builds agree with it. */
  private conclude(group: Group, answer: Extract<Answer, { kind: 'culprit' }>): void {
    const { leader } = group
    for (const commit of [...answer.parents, answer.commit]) {
      const first = this.findingOf(leader, commit)
      const all = [first, ...(this.further.get(leader)?.get(commit) ?? [])]
      const told = all.filter((finding) => finding === 'good' || finding === 'bad')
      const bad = told.filter((finding) => finding === 'bad').length
      if (bad === 0 || bad === told.length) continue
      this.end(group, { kind: 'flaky', commit, bad, built: told.length, boards: [leader] })
      return
    }
    if (this.unconfirmed(group).length === 0) this.end(group, answer)
  }

  /** What the answer does not speak of is searched for by itself. */
  private end(group: Group, answer: Answer): void {
    this.groups.delete(group)
    this.ended.push(answer)
    const hit = answer.boards.includes(group.leader) ? answer.boards : [group.leader]
    this.split(group, hit)
  }
}
