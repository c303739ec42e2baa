import { type BisectState, isUnfinished } from '../../src-core/bisect/bisect-state.ts'
import type { Finding } from '../../src-core/bisect/culprit-stand.ts'
import type { RunRequest } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import type { Bisect, BisectRequest } from '../boss/bisect/bisect.ts'
import { isUnderWay } from '../boss/bisect/confirmation.ts'
import type { EarlierSearch } from '../boss/bisect/search-before.ts'
import { readSearch } from '../results/kept-search.ts'
import { sparseTelling } from '../sparse-telling.ts'
import type { Emit, WindowBoss } from './window-boss.ts'

/** On which machines a search builds. */
type Where = Pick<RunRequest, 'distribute' | 'useMachines' | 'providers' | 'noLocal'>
type Shown = { readonly earlier: EarlierSearch; readonly state: BisectState }

/** The search for a commit that the window shows: the one under way, or one of before. */
export class WindowSearch {
  readonly #windowBoss: WindowBoss
  readonly #emit: Emit
  #bisect: Bisect | null = null
  /** As the history has it; goes before the last one of this session. */
  #shown: Shown | null = null
  #hasLooked = false
  readonly #telling = sparseTelling(() => this.#tell())

  constructor(windowBoss: WindowBoss, emit: Emit) {
    this.#windowBoss = windowBoss
    this.#emit = emit
  }

  /** Of a new session: the last search, where it was the last run or there is something to go on with. */
  async current(): Promise<Result<BisectState | null>> {
    if (this.#hasLooked || this.#bisect) return ok(this.#state())
    this.#hasLooked = true
    const { index } = this.#windowBoss.boss()
    const entry = await index.newestSearch()
    if (!entry) return ok(null)
    const read = await this.#read(entry)
    if (!read.ok) return read
    const found = read.value
    const isNewest = (await index.newest())?.runId === entry.runId
    if (!this.#bisect && found !== 'elsewhere' && found && (isNewest || isUnfinished(found.state)))
      this.#shown = found
    return ok(this.#state())
  }

  /** Shows a search of the history. */
  async open(runId: string): Promise<Result<void>> {
    const live = this.#bisect?.state
    if (live?.runId === runId) {
      this.#shown = null
      return ok(undefined)
    }
    if (live && live.phase !== 'over') return fail('A search is under way', 'Wait for its end')
    const found = await this.#find(runId)
    if (!found.ok) return found
    this.#shown = found.value
    return ok(undefined)
  }

  start(asked: Omit<BisectRequest, 'signal'>): Promise<Result<void>> {
    return this.#start(asked)
  }

  /** The same once more: what was built is not built again. */
  async goOn(where: Where, withMarks: boolean): Promise<Result<void>> {
    const found = await this.#find(this.#state()?.runId ?? '')
    if (!found.ok) return found
    const { kept, startedAt } = found.value.earlier
    const marks = withMarks ? kept.marks : []
    return this.#start({
      request: { ...kept.request, ...where },
      rule: kept.rule,
      goesOn: { startedAt, kept: { ...kept, marks } },
    })
  }

  async mark(upto: number, finding: Finding): Promise<Result<void>> {
    const bisect = this.#bisect
    if (this.#shown || bisect?.state.phase !== 'searching')
      return fail('The search is over: nothing can be marked')
    if (!bisect.state.commits[upto]) return fail(`The search has no commit ${upto}`)
    return bisect.mark(upto, finding)
  }

  #state(): BisectState | null {
    return this.#shown?.state ?? this.#bisect?.state ?? null
  }

  async #start(asked: Omit<BisectRequest, 'signal'>): Promise<Result<void>> {
    const started = await this.#windowBoss.startSearch(asked)
    if (!started.ok) return started
    this.#shown = null
    this.#bisect = started.value
    this.#bisect.onChange(this.#telling.soon)
    void this.#bisect.finished.then(this.#telling.now)
    this.#telling.now()
    return ok(undefined)
  }

  async #find(runId: string): Promise<Result<Shown>> {
    const entry = await this.#windowBoss.boss().index.find(runId)
    const read = entry ? await this.#read(entry) : ok(null)
    if (!read.ok) return read
    if (read.value === 'elsewhere')
      return fail('Another window or a terminal does that search', 'Wait for its end')
    return read.value ? ok(read.value) : fail('Nothing is kept of that search', 'Begin it again')
  }

  /** What is kept of a search, and how it stands; null where nothing is. */
  async #read(entry: HistoryEntry): Promise<Result<Shown | 'elsewhere' | null>> {
    const { runId, outputDir, startedAt } = entry
    const read = await readSearch(outputDir, runId)
    if (!read.ok) return read
    const kept = read.value
    if (!kept) return ok(null)
    const { progress } = kept
    const isOver = progress.phase === 'over'
    if (!isOver && (await isUnderWay(outputDir, runId))) return ok('elsewhere')
    const run = await this.#windowBoss.openOwn(runId)
    if (!run.ok) return run
    const phase = isOver ? 'over' : 'broken off'
    const state = { ...progress, phase, commits: run.value.commits } as const
    return ok({ earlier: { startedAt, kept }, state })
  }

  #tell(): void {
    const state = this.#bisect?.state
    if (!state || this.#shown) return
    const { commits: _, ...progress } = state
    this.#emit('bisect:changed', progress)
  }
}
