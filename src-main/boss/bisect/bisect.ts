import { type Deferred, deferred } from '../../../src-core/basics/deferred.ts'
import { Ancestry } from '../../../src-core/bisect/ancestry.ts'
import { type BadRule, badRuleText, needsOutputs } from '../../../src-core/bisect/bad-rule.ts'
import type {
  BisectProgress,
  BisectState,
  BisectTest,
  BisectVerdict,
} from '../../../src-core/bisect/bisect-state.ts'
import { foundText } from '../../../src-core/bisect/bisect-texts.ts'
import { CulpritSearch, type WantedTest } from '../../../src-core/bisect/culprit-search.ts'
import type { Finding } from '../../../src-core/bisect/culprit-stand.ts'
import type { KeptSearch } from '../../../src-core/bisect/kept-search.ts'
import type { Commit, RunRequest } from '../../../src-core/model.ts'
import { ok, problemText, type Result } from '../../../src-core/result.ts'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import type { HistoryEntry, ListedSearch } from '../../../src-preload/contract.ts'
import { messageOf } from '../../error-text.ts'
import { SearchKeeper } from '../../results/kept-search.ts'
import { parentsOf } from '../../tree/git/history/git-rev-list.ts'
import type { Boss, StartedOnDemand } from '../boss.ts'
import type { Run } from '../driving/run-under-way.ts'
import type { ListedBoards } from '../preparing/prepare-run.ts'
import { type Confirmation, startConfirmation } from './confirmation.ts'
import { describeAnswer } from './describe-answer.ts'
import { earlierBuilds } from './earlier-builds.ts'
import { KnownBuilds } from './known-builds.ts'
import { type FoundBuild, notBuilt, readTestedBuild } from './read-tested-build.ts'
import { type EarlierSearch, searchBefore } from './search-before.ts'

export type BisectRequest = {
  /** Its commits are a range with its base. */
  readonly request: RunRequest
  /** The boards of the request, where the caller has just read the tree. */
  readonly listed?: ListedBoards
  readonly rule: BadRule
  /** What was broken off; `the last like it` goes on with the last search that asked the same, if it was. */
  readonly goesOn?: EarlierSearch | 'the last like it'
  /** Ends the search: what is being built is given up. */
  readonly signal: AbortSignal
}

/** Starts a search: machines are made ready, and what earlier runs know is taken over. */
export async function startBisect(boss: Boss, asked: BisectRequest): Promise<Result<Bisect>> {
  const { rule, listed, signal } = asked
  const settings = {
    ...asked.request.settings,
    ...(needsOutputs(rule) && { keepOutputs: true }),
    // Else the version in an image makes each commit another.
    ...(rule.kind === 'changed' && { reproducible: true }),
  }
  const request = { ...asked.request, settings }
  const started = await boss.startOnDemand(request, { signal, ...(listed && { listed }) })
  if (!started.ok) return started
  const { commits } = started.value.prepared
  const hashes = commits.map(({ hash }) => hash)
  const parents = await parentsOf({ folder: request.treeDir }, hashes, signal)
  const uptoOf = new Map(hashes.map((hash, upto) => [hash, upto]))
  // What lies outside of the range comes before its good end.
  const ancestry = new Ancestry(
    hashes.map((hash, upto) =>
      upto === 0 ? [] : [...new Set((parents.get(hash) ?? []).map((one) => uptoOf.get(one) ?? 0))],
    ),
  )
  const entries = request.settings.force ? [] : await boss.index.list()
  const before = await goesOnFrom(entries, asked, hashes)
  const bisect = new Bisect(boss, { ...asked, request }, started.value, { ancestry, ...before })
  await bisect.begin(entries)
  return ok(bisect)
}

type Before = { readonly before: EarlierSearch | null; readonly notes: readonly string[] }

async function goesOnFrom(
  entries: readonly HistoryEntry[],
  { request, rule, goesOn }: BisectRequest,
  hashes: readonly string[],
): Promise<Before> {
  if (goesOn !== 'the last like it') return { before: goesOn ?? null, notes: [] }
  const { treeDir, boards } = request
  const [good = '', bad = ''] = [hashes[0], hashes.at(-1)]
  return searchBefore(entries, { treeDir, boards, rule, good, bad })
}

const notBegun = { finding: null, machine: '', seconds: 0, runId: '', from: 'this search' } as const

/** Drives a search to its verdicts: builds what it asks for, judges what comes, has confirmed what it finds. */
export class Bisect {
  private readonly boss: Boss
  private readonly asked: BisectRequest
  private readonly started: StartedOnDemand
  private readonly search: CulpritSearch
  private readonly builds: KnownBuilds
  /** By board and commit. */
  private readonly tests = new Map<string, BisectTest>()
  private readonly listeners = new Set<() => void>()
  private readonly end: Deferred<BisectState> = deferred()
  private readonly keeper: SearchKeeper
  /** What a person said of commits. */
  private readonly marks = new Map<number, Finding>()
  /** The search that this one goes on with. */
  readonly before: EarlierSearch | null
  /** What a person should know that is not of this search. */
  readonly notes: readonly string[]
  /** Nothing more is to be learnt from the first run; what it leaves unbuilt says nothing. */
  private isSearched = false
  private confirmation: Confirmation | null = null
  private phase: BisectState['phase'] = 'searching'
  private verdicts: readonly BisectVerdict[] = []
  private problem = ''

  constructor(
    boss: Boss,
    asked: BisectRequest,
    started: StartedOnDemand,
    { ancestry, before, notes }: Before & { readonly ancestry: Ancestry },
  ) {
    this.boss = boss
    this.before = before
    this.notes = notes
    this.asked = asked
    this.started = started
    const { boards, commits } = started.prepared
    const names = boards.map(({ target }) => target)
    this.search = new CulpritSearch(ancestry, names)
    this.builds = new KnownBuilds(asked.rule, names, commits.length)
    this.keeper = new SearchKeeper(started.prepared.base, started.run.runId, () => this.toKeep())
  }

  /** Settles when there is a verdict for each board, or why there is none. */
  get finished(): Promise<BisectState> {
    return this.end.promise
  }

  /** The run that goes on: the search's, then the one that confirms. */
  get run(): Run {
    return this.confirmation?.run ?? this.started.run
  }

  get state(): BisectState {
    return { ...this.progress, commits: this.commits }
  }

  private get progress(): BisectProgress {
    return {
      runId: this.started.run.runId,
      range: 'range' in this.asked.request.commits ? this.asked.request.commits.range : '',
      rule: badRuleText(this.asked.rule),
      phase: this.phase,
      tests: [...this.tests.values()],
      parts: this.search.open.map(({ boards, stand, step }) => ({
        boards,
        candidates: 'candidates' in stand ? stand.candidates : [],
        step,
      })),
      verdicts: this.verdicts,
      problem: this.problem,
    }
  }

  private get commits(): readonly Commit[] {
    return this.started.prepared.commits
  }

  /** Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private toKeep(): KeptSearch {
    const { request, rule } = this.asked
    const hashOf = (upto: number) => this.commits[upto]?.hash ?? ''
    return {
      ...{ request, rule, good: hashOf(0), bad: hashOf(this.commits.length - 1) },
      marks: [...this.marks].map(([upto, finding]) => ({ hash: hashOf(upto), finding })),
      progress: this.progress,
    }
  }

  /** A person says it of a commit, for all boards. Settles when it is kept. */
  async mark(upto: number, finding: Finding): Promise<Result<void>> {
    if (this.isSearched) return ok(undefined)
    this.takeMark(upto, finding)
    this.goOn()
    return this.keeper.now()
  }

  private takeMark(upto: number, finding: Finding): void {
    this.marks.set(upto, finding)
    this.search.mark(upto, finding)
    for (const board of this.builds.boards) {
      this.note({ ...notBegun, board, upto, finding, from: 'a person' })
    }
  }

  /** `entries`: the runs of before, of which nothing is taken where all is to be built anew. */
  async begin(entries: readonly HistoryEntry[]): Promise<void> {
    const { run, prepared } = this.started
    const { signal } = this.asked
    signal.addEventListener('abort', () => this.stop('stopped'), { once: true })
    run.onKept((board, upto) => void this.takeFrom(prepared.store.boardDir, board, upto))
    run.onEvent((event) => this.hear(event))
    void run.finished.then(() => this.afterSearch())
    await this.takeEarlier(entries)
    for (const { hash, finding } of this.before?.kept.marks ?? []) {
      const upto = this.commits.findIndex((commit) => commit.hash === hash)
      if (upto >= 0) this.takeMark(upto, finding)
    }
    this.goOn()
    await this.keeper.now()
    if (this.before) await this.list(this.before.kept.progress.runId, { wentOn: true })
  }

  /** What the history says of a search. */
  private async list(runId: string, says: Partial<ListedSearch>): Promise<void> {
    const { index } = this.boss
    const entry = await index.find(runId)
    if (entry) await index.put({ ...entry, search: { found: '', ...entry.search, ...says } })
  }

  private hear(event: RunEvent): void {
    if (event.type === 'build-started') {
      const { board, upto, machine } = event
      // A machine may begin what a person has just spoken of.
      if (this.search.findingOf(board, upto) === undefined)
        this.note({ ...notBegun, board, upto, machine })
    }
    if (event.type === 'build-dropped') this.forget(event.board, event.upto)
    if (event.type === 'build-finished' && event.outcome === 'not built') {
      this.take(event.board, event.upto, notBuilt, 'this search')
    }
    if (event.type === 'machine-changed') this.goOn()
  }

  /** A machine has let go of what it was building. */
  private forget(board: string, upto: number): void {
    const key = `${board}\n${upto}`
    if (this.tests.get(key)?.finding !== null) return
    this.tests.delete(key)
    this.tellChange()
  }

  /** What other runs of the tree have built already. */
  private async takeEarlier(entries: readonly HistoryEntry[]): Promise<void> {
    const { prepared } = this.started
    const { rule, signal, request } = this.asked
    const known = prepared.resume.done.map(({ board, upto }) => ({ board, upto, dir: '' }))
    const earlier = await earlierBuilds({
      entries,
      treeDir: request.treeDir,
      base: prepared.base,
      commits: this.commits,
      boards: this.builds.boards,
      fingerprintOf: prepared.fingerprintOf,
      needsOutputs: needsOutputs(rule),
    })
    const tests = this.before?.kept.progress.tests ?? []
    const before = new Map(tests.map((test) => [`${test.board}\n${test.upto}`, test]))
    for (const { board, upto, dir } of [...known, ...earlier]) {
      const commit = this.commits[upto]
      if (!commit) continue
      const folder = dir || prepared.store.boardDir(board, commit)
      const ran = before.get(`${board}\n${upto}`)
      const build = await readTestedBuild(folder, board, rule, { signal, ran })
      if (build) this.learn(board, upto, build, 'an earlier run')
    }
  }

  private async takeFrom(
    dirOf: (board: string, commit: Commit) => string,
    board: string,
    upto: number,
  ): Promise<void> {
    const { rule, signal } = this.asked
    const commit = this.commits[upto]
    if (!commit) return
    try {
      const build = await readTestedBuild(dirOf(board, commit), board, rule, { signal })
      this.take(board, upto, build ?? notBuilt, 'this search')
    } catch (error) {
      this.stop(`the result of ${board} can't be read: ${messageOf(error)}`)
    }
  }

  private take(board: string, upto: number, build: FoundBuild, from: BisectTest['from']): void {
    if (this.learn(board, upto, build, from)) this.goOn()
  }

  /** Tells the search of a build, and of those that can be judged with it. */
  private learn(board: string, upto: number, build: FoundBuild, from: BisectTest['from']): boolean {
    if (this.isSearched || !this.builds.add(board, upto, build, from)) return false
    for (const judged of this.builds.judged(board)) {
      if (this.search.findingOf(board, judged.upto) !== undefined) continue
      const { finding } = judged
      const { machine, seconds, runId, errors } = judged.build
      const known = { machine, seconds, runId, from: judged.from }
      this.note({ board, upto: judged.upto, finding, ...known })
      this.search.tell(board, judged.upto, finding, errors[0] ?? '')
    }
    return true
  }

  private note(test: BisectTest): void {
    this.tests.set(`${test.board}\n${test.upto}`, test)
    this.tellChange()
  }

  private tellChange(): void {
    this.keeper.soon()
    for (const listener of this.listeners) listener()
  }

  /** Asks for what the search wants now, or ends its run. */
  private goOn(): void {
    if (this.isSearched) return
    const { run } = this.started
    const wanted = this.search.want(this.places()).filter(({ again }) => !again)
    const ends = this.builds.boards.flatMap((board) =>
      this.builds.missingEnds(board).map((commit) => ({ board, commit })),
    )
    if (wanted.length === 0) {
      this.isSearched = true
      run.finish('it was not needed to find the commit')
    } else
      run.want(
        [...wanted, ...ends].map(({ board, commit }) => ({ board, upto: commit, notOn: [] })),
      )
  }

  /** A machine builds a board at one commit at a time, with all of its cores. */
  private places(): number {
    const ready = this.started.run.state.machines.filter(({ phase }) => phase === 'ready')
    const slots = ready.reduce((sum, machine) => sum + machine.slots, 0)
    const searches = this.search.open.filter(({ step }) => step === 'searching').length
    return Math.max(1, Math.min(searches * ready.length, Math.max(ready.length, slots)))
  }

  private stop(problem: string): void {
    if (this.problem === '') this.problem = problem
    this.isSearched = true
    this.started.run.finish(problem)
    this.confirmation?.run.finish(problem)
  }

  private async afterSearch(): Promise<void> {
    try {
      const wanted = this.search.want(1)
      // A run that was cancelled leaves what it wanted.
      if (this.problem === '' && wanted.some(({ again }) => !again)) this.problem = 'stopped'
      if (this.problem === '' && wanted.length > 0) await this.confirm(wanted)
      await this.conclude()
    } catch (error) {
      this.problem = messageOf(error)
    }
    this.phase = 'over'
    this.tellChange()
    await this.keeper.now()
    await this.list(this.started.run.runId, { found: foundText(this.progress) }).catch(() => {})
    this.end.resolve(this.state)
  }

  private async confirm(wanted: readonly WantedTest[]): Promise<void> {
    const { request, listed, rule, signal } = this.asked
    this.phase = 'confirming'
    const started = await startConfirmation(this.boss, {
      ...{ request, listed, rule, signal, wanted },
      base: this.started.prepared.base,
      builds: this.builds,
      tell: (board, upto, finding) => {
        this.search.tellAgain(board, upto, finding)
        this.tellChange()
      },
    })
    if (!started.ok) {
      this.problem = problemText(started.problem)
      return
    }
    this.confirmation = started.value
    if (this.problem !== '') started.value.run.finish(this.problem)
    this.tellChange()
    await started.value.build()
  }

  private async conclude(): Promise<void> {
    const { gitDir } = this.started
    const place = { folder: this.asked.request.treeDir, gitDir }
    this.verdicts = await Promise.all(
      this.search.answers.map((answer) => {
        const [leader = ''] = answer.boards
        return describeAnswer(answer, {
          place,
          commits: this.commits,
          findings: this.search.findingsOf(leader),
          buildAt: (upto) => this.builds.at(leader, upto),
          confirmedOn: (upto) => this.confirmation?.machineOf(leader, upto) ?? '',
        })
      }),
    )
    if (this.problem === '' && !this.search.isOver) this.problem = 'it could not be confirmed'
  }
}
