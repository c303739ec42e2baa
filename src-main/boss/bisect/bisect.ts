import { join } from 'node:path'
import { type Deferred, deferred } from '../../../src-core/basics/deferred.ts'
import { Ancestry } from '../../../src-core/bisect/ancestry.ts'
import {
  type BadRule,
  badRuleText,
  endsNeeded,
  judgeBuild,
  needsOutputs,
} from '../../../src-core/bisect/bad-rule.ts'
import type {
  BisectState,
  BisectTest,
  BisectVerdict,
} from '../../../src-core/bisect/bisect-state.ts'
import { CulpritSearch, type WantedTest } from '../../../src-core/bisect/culprit-search.ts'
import type { Finding } from '../../../src-core/bisect/culprit-stand.ts'
import { OWN_FOLDER } from '../../../src-core/build/folder-names.ts'
import type { Commit, RunRequest } from '../../../src-core/model.ts'
import { ok, type Problem, type Result } from '../../../src-core/result.ts'
import { messageOf } from '../../error-text.ts'
import { parentsOf } from '../../tree/git/history/git-rev-list.ts'
import type { Boss, StartedOnDemand } from '../boss.ts'
import type { Run, RunOnDemand } from '../driving/run-under-way.ts'
import type { ListedBoards } from '../preparing/prepare-run.ts'
import { describeAnswer } from './describe-answer.ts'
import { earlierBuilds } from './earlier-builds.ts'
import { type FoundBuild, notBuilt, readTestedBuild } from './read-tested-build.ts'

export type BisectRequest = {
  /** Its commits are a range with its base. */
  readonly request: RunRequest
  /** The boards of the request. */
  readonly listed: ListedBoards
  readonly rule: BadRule
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
  const started = await boss.startOnDemand(request, { listed, signal })
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
  const bisect = new Bisect(boss, { ...asked, request }, started.value, ancestry)
  await bisect.begin()
  return ok(bisect)
}

/** Drives a search to its verdicts: builds what it asks for, judges what comes, confirms what it finds. */
export class Bisect {
  private readonly boss: Boss
  private readonly asked: BisectRequest
  private readonly started: StartedOnDemand
  private readonly search: CulpritSearch
  private readonly builds = new Map<string, Map<number, FoundBuild>>()
  /** By board and commit. */
  private readonly tests = new Map<string, BisectTest>()
  private readonly listeners = new Set<() => void>()
  private readonly end: Deferred<BisectState> = deferred()
  private running: RunOnDemand
  /** Nothing more is to be learnt from the first run; what it leaves unbuilt says nothing. */
  private isSearched = false
  private phase: BisectState['phase'] = 'searching'
  private verdicts: readonly BisectVerdict[] = []
  private problem = ''
  /** Machines that built culprits and parents again. */
  private readonly confirmedOn = new Map<string, string>()

  constructor(boss: Boss, asked: BisectRequest, started: StartedOnDemand, ancestry: Ancestry) {
    this.boss = boss
    this.asked = asked
    this.started = started
    this.running = started.run
    const names = asked.listed.boards.map(({ target }) => target)
    this.search = new CulpritSearch(ancestry, names)
    for (const name of names) this.builds.set(name, new Map())
  }

  /** Settles when there is a verdict for each board, or why there is none. */
  get finished(): Promise<BisectState> {
    return this.end.promise
  }

  /** The run that goes on: the search's, then the one that confirms. */
  get run(): Run {
    return this.running
  }

  get state(): BisectState {
    return {
      range: 'range' in this.asked.request.commits ? this.asked.request.commits.range : '',
      rule: badRuleText(this.asked.rule),
      commits: this.commits,
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
    return () => void this.listeners.delete(listener)
  }

  /** A person says it of a commit, for all boards. */
  mark(upto: number, finding: Finding): void {
    this.search.mark(upto, finding)
    for (const board of this.builds.keys()) {
      this.note({ board, upto, finding, machine: '', from: 'a person' })
    }
    this.goOn()
  }

  async begin(): Promise<void> {
    const { run, prepared } = this.started
    const { signal } = this.asked
    signal.addEventListener('abort', () => this.stop('stopped'), { once: true })
    run.onKept((board, upto) => void this.takeFrom(prepared.store.boardDir, board, upto))
    run.onEvent((event) => {
      if (event.type === 'build-started') {
        const { board, upto, machine } = event
        this.note({ board, upto, finding: null, machine, from: 'this search' })
      }
      if (event.type === 'build-finished' && event.outcome === 'not built') {
        this.take(event.board, event.upto, notBuilt, 'this search')
      }
      if (event.type === 'machine-changed') this.goOn()
    })
    void run.finished.then(() => this.afterSearch())
    const known = prepared.resume.done.map(({ board, upto }) => ({ board, upto, dir: '' }))
    const earlier = await earlierBuilds({
      entries: await this.boss.index.list(),
      treeDir: this.asked.request.treeDir,
      base: prepared.base,
      commits: this.commits,
      boards: [...this.builds.keys()],
      fingerprintOf: prepared.fingerprintOf,
      needsOutputs: needsOutputs(this.asked.rule),
    })
    for (const { board, upto, dir } of [...known, ...earlier]) {
      const commit = this.commits[upto]
      if (!commit) continue
      const folder = dir || prepared.store.boardDir(board, commit)
      const build = await readTestedBuild(folder, board, this.asked.rule, signal)
      if (build) this.take(board, upto, build, 'an earlier run', false)
    }
    this.goOn()
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
      const build = await readTestedBuild(dirOf(board, commit), board, rule, signal)
      this.take(board, upto, build ?? notBuilt, 'this search')
    } catch (error) {
      this.stop(`the result of ${board} can't be read: ${messageOf(error)}`)
    }
  }

  private take(
    board: string,
    upto: number,
    build: FoundBuild,
    from: BisectTest['from'],
    andGoOn = true,
  ): void {
    const known = this.builds.get(board)
    if (this.isSearched || !known || known.has(upto)) return
    known.set(upto, build)
    this.judge(board, from)
    if (andGoOn) this.goOn()
  }

  /** Tells the search of all builds of a board that can be judged by now; its last commit first. */
  private judge(board: string, from: BisectTest['from']): void {
    const known = this.builds.get(board) ?? new Map<number, FoundBuild>()
    if (this.missingEnds(board).length > 0) return
    for (const [upto, build] of [...known].sort(([a], [b]) => b - a)) {
      if (this.search.findingOf(board, upto) !== undefined) continue
      const finding = this.findingOf(board, build)
      this.note({ board, upto, finding, machine: build.machine, from })
      this.search.tell(board, upto, finding, build.errors[0] ?? '')
    }
  }

  private findingOf(board: string, build: FoundBuild): Finding {
    const known = this.builds.get(board)
    const last = known?.get(this.commits.length - 1) ?? null
    return judgeBuild(this.asked.rule, build, { first: known?.get(0) ?? null, last })
  }

  /** Builds without which none of this board can be judged. */
  private missingEnds(board: string): readonly number[] {
    const known = this.builds.get(board)
    const ends = endsNeeded(this.asked.rule).map((end) =>
      end === 'first' ? 0 : this.commits.length - 1,
    )
    return ends.filter((upto) => !known?.has(upto))
  }

  private note(test: BisectTest): void {
    this.tests.set(`${test.board}\n${test.upto}`, test)
    for (const listener of this.listeners) listener()
  }

  /** Asks for what the search wants now, or ends its run. */
  private goOn(): void {
    if (this.isSearched) return
    const { run } = this.started
    const wanted = this.search.want(this.places()).filter(({ again }) => !again)
    const ends = [...this.builds.keys()].flatMap((board) =>
      this.missingEnds(board).map((commit) => ({ board, commit, again: false })),
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
    this.running.finish(problem)
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
    for (const listener of this.listeners) listener()
    this.end.resolve(this.state)
  }

  /** Builds culprits and their parents again, on other machines where there are some. */
  private async confirm(wanted: readonly WantedTest[]): Promise<void> {
    const { request, listed, signal } = this.asked
    const leaders = new Set(wanted.map(({ board }) => board))
    const chosen = listed.boards.filter(({ target }) => leaders.has(target))
    const again = {
      ...request,
      boards: chosen.map(({ target }) => target),
      outputDir: join(this.started.prepared.base, OWN_FOLDER, 'again'),
    }
    this.phase = 'confirming'
    const started = await this.boss.startOnDemand(again, {
      listed: { ...listed, boards: chosen },
      signal,
    })
    if (!started.ok) {
      this.problem = problemText(started.problem)
      return
    }
    const { run, prepared } = started.value
    this.running = run
    for (const listener of this.listeners) listener()
    const left = new Set(wanted.map(({ board, commit }) => `${board}\n${commit}`))
    const told = (board: string, upto: number, build: FoundBuild) => {
      if (!left.delete(`${board}\n${upto}`)) return
      this.confirmedOn.set(`${board}\n${upto}`, build.machine)
      this.search.tellAgain(board, upto, this.findingAgain(board, upto, build))
      if (left.size === 0) run.finish('it was not needed to confirm the commit')
    }
    const read = async (board: string, upto: number) => {
      const commit = this.commits[upto]
      const dir = commit ? prepared.store.boardDir(board, commit) : ''
      const build = await readTestedBuild(dir, board, this.asked.rule, signal).catch(() => null)
      told(board, upto, build ?? notBuilt)
    }
    run.onKept((board, upto) => void read(board, upto))
    run.onEvent((event) => {
      if (event.type === 'build-finished' && event.outcome === 'not built')
        told(event.board, event.upto, notBuilt)
    })
    run.want(
      wanted.map(({ board, commit }) => {
        const machine = this.builds.get(board)?.get(commit)?.machine ?? ''
        return { board, upto: commit, notOn: machine === '' ? [] : [machine] }
      }),
    )
    // Of a search that was broken off while it did this.
    for (const { board, upto } of prepared.resume.done) await read(board, upto)
    await run.finished
  }

  /** The last commit is compared with what it said first. */
  private findingAgain(board: string, upto: number, build: FoundBuild): Finding {
    const first = this.builds.get(board)?.get(upto)
    const failsOtherwise =
      this.asked.rule.kind === 'fails' && build.outcome === 'failed' && first?.outcome === 'failed'
    return failsOtherwise ? 'bad' : this.findingOf(board, build)
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
          buildAt: (upto) => this.builds.get(leader)?.get(upto),
          confirmedOn: (upto) => this.confirmedOn.get(`${leader}\n${upto}`) ?? '',
        })
      }),
    )
    if (this.problem === '' && !this.search.isOver) this.problem = 'it could not be confirmed'
  }
}

function problemText({ what, hint }: Problem): string {
  return hint === '' ? what : `${what}. ${hint}`
}
