import { recentlyUsed } from '../../src-core/basics/recently-used.ts'
import { LOCAL, type MachineStatus, type RunRequest } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { AppSettings } from '../../src-core/schemas.ts'
import type { Events, HistoryEntry, ListedMachine } from '../../src-preload/contract.ts'
import {
  type ComparisonRequest,
  compareMachines,
  type MachineComparison,
} from '../boss/alike/compare-machines.ts'
import { type Bisect, type BisectRequest, startBisect } from '../boss/bisect/bisect.ts'
import { type Boss, type BossOptions, createBoss } from '../boss/boss.ts'
import type { Run } from '../boss/driving/run-under-way.ts'
import { messageOf } from '../error-text.ts'
import { type DemoMachines, startDemoMachines } from '../machines/demo-machines.ts'
import { type KnownResults, resultsOnDisk } from '../reports/summarise-run.ts'
import { FollowedRun } from '../results/followed-run.ts'
import { runningIn } from '../results/output-lock.ts'
import { settleEntry } from '../results/run-index.ts'
import { runLogPath } from '../results/run-log.ts'
import { openSentRun, type SentRun } from '../results/sent-run.ts'
import { createEventBatches, type EventBatches } from './event-batches.ts'

/** Tells the window something; it may not be there. */
export type Emit = <E extends keyof Events>(name: E, payload: Events[E]) => void

export type WindowBossOptions = Omit<BossOptions, 'configFile' | 'allowDifferentCompilers'> & {
  readonly emit: Emit
  /** Where the demo machines have their homes. */
  readonly demoDir: string
  readonly defaultConfigFile: string
}

/**
 * Longest that closing takes, milliseconds. The end of a run needs most of it: a goodbye, a moment for
 * the worker to leave, and 10 s to end one that does neither (`SessionWaits`).
 */
const closeLimitMs = 14_000
/** Longest of that for connections that do not answer, milliseconds. */
const connectionsLimitMs = 4000

/** Runs that came as files and are kept in memory. */
const mostSent = 3
/** Runs of before that are kept in memory: two that are compared, and those that one comes back to. */
const mostLooked = 4
/** The computer that such a run was driven from, as a machine of it. */
const sender = 'sender'

/** What the window's requests work on: the boss, the run under way, and what was run before. */
export class WindowBoss {
  /** What can be made again. */
  readonly cacheDir: string
  readonly #options: WindowBossOptions
  readonly #batches: EventBatches
  readonly #batchesOfElsewhere: EventBatches
  #settings: Pick<AppSettings, 'buildmanFile' | 'allowDifferentCompilers'> = {
    buildmanFile: '',
    allowDifferentCompilers: false,
  }
  #demo: DemoMachines | null = null
  #boss: Boss
  /** Settings have changed that the boss was made from. */
  #isBossStale = false
  #run: Run | null = null
  #isBusy = false
  /** The comparison of machines under way: they build for nothing else. */
  #comparison: MachineComparison | null = null
  /** The run under way has told its end: what is left to do is to close files. */
  #hasEnded = false
  /** Runs of before that were looked at: a log may be long, and each of its builds asks for it. */
  readonly #looked = recentlyUsed<RunState>(mostLooked)
  /** Runs that came as files, by their id here, the newest last. */
  readonly #sent = new Map<string, SentRun>()
  /** Runs that go on elsewhere and were looked at. */
  readonly #followed = new Map<string, FollowedRun>()
  /** Settles when the run under way has let go of everything. */
  #left: Promise<void> = Promise.resolve()
  readonly #closing = new AbortController()

  constructor(options: WindowBossOptions) {
    this.cacheDir = options.cacheDir
    this.#options = options
    this.#batches = createEventBatches((batch) => options.emit('run:events', batch))
    this.#batchesOfElsewhere = createEventBatches((batch) =>
      options.emit('run:events', { ...batch, elsewhere: true }),
    )
    this.#boss = this.#makeBoss()
  }

  /** Made anew when the settings that it depends on have changed; never under a run. */
  boss(): Boss {
    return this.#boss
  }

  /** The run under way, or the last one of this session. */
  run(): Run | null {
    return this.#run
  }

  isRunning(): boolean {
    return this.#isBusy && !this.#hasEnded
  }

  /** These machines as the window lists them. */
  listed(statuses: readonly MachineStatus[]): ListedMachine[] {
    const { hues } = this.#boss
    return statuses.map((status) => ({ ...status, hue: hues.slotOf(status.config.name) }))
  }

  async use({ buildmanFile, allowDifferentCompilers }: AppSettings): Promise<void> {
    const isSame =
      this.#settings.buildmanFile === buildmanFile &&
      this.#settings.allowDifferentCompilers === allowDifferentCompilers
    this.#settings = { buildmanFile, allowDifferentCompilers }
    if (isSame) return
    // A run goes on under the settings that it was started with.
    if (this.#isBusy || this.#comparison) this.#isBossStale = true
    else await this.#replaceBoss()
  }

  async startDemo(): Promise<Result<void>> {
    if (this.#isBusy) return fail('A run is under way', 'Stop it first')
    if (this.#comparison) return comparing
    try {
      this.#demo ??= await startDemoMachines(this.#options.demoDir)
    } catch (error) {
      return fail(`The demo machines can't be started: ${messageOf(error)}`)
    }
    await this.#replaceBoss()
    const { fleet } = this.#boss
    const config = await fleet.reload()
    if (!config.ok) return config
    await fleet.probe(fleet.statuses().map((status) => status.config.name))
    return ok(undefined)
  }

  async start(request: RunRequest): Promise<Result<{ runId: string }>> {
    const started = await this.#occupy((signal) => this.#boss.start(request, { signal }))
    if (!started.ok) return started
    const run = started.value
    this.#follow(run)
    run.onEvent(({ type }) => {
      if (type === 'run-finished') this.#hasEnded = true
    })
    this.#leaveAfter(run.finished)
    return ok({ runId: run.runId })
  }

  /** A search is shown as the run that it is doing. */
  async startSearch(asked: Omit<BisectRequest, 'signal'>): Promise<Result<Bisect>> {
    const started = await this.#occupy((signal) => startBisect(this.#boss, { ...asked, signal }))
    if (!started.ok) return started
    const bisect = started.value
    const { run } = bisect
    this.#follow(run)
    bisect.onChange(() => {
      if (bisect.state.phase !== 'over' && bisect.run !== this.#run) this.#follow(bisect.run)
    })
    // That one has all of its builds; what confirms it has a few.
    const ended = bisect.finished.then(() => {
      this.#run = run
      this.#hasEnded = true
    })
    this.#leaveAfter(ended)
    return started
  }

  /** Begins something that builds, of which there is one at a time. */
  async #occupy<T>(begin: (signal: AbortSignal) => Promise<Result<T>>): Promise<Result<T>> {
    // Its end is shown a moment before its files are closed.
    if (this.#hasEnded) await this.#left
    if (this.#isBusy) return fail('A run is under way already', 'Stop it, or wait for its end')
    if (this.#comparison) return comparing
    this.#isBusy = true
    this.#hasEnded = false
    try {
      const started = await begin(this.#closing.signal)
      if (!started.ok) await this.#letGo()
      return started
    } catch (error) {
      await this.#letGo()
      throw error
    }
  }

  /** Has machines build the same. It is no run: the window may be closed over it, which ends it. */
  compare(asked: ComparisonRequest): Result<MachineComparison> {
    if (this.#isBusy) return fail('A run is under way', 'Stop it, or wait for its end')
    if (this.#comparison) return comparing
    const signal = AbortSignal.any([asked.signal, this.#closing.signal])
    const started = compareMachines(this.#boss, { ...asked, signal })
    if (!started.ok) return started
    this.#comparison = started.value
    void started.value.finished.then(() => {
      this.#comparison = null
      return this.#letGo()
    })
    return started
  }

  /** The state of any run: live, or as its log tells it. */
  async open(runId: string): Promise<Result<RunState>> {
    if (this.#run?.runId === runId) return ok(this.#run.state)
    const looked = this.#looked.get(runId)
    if (looked) return ok(looked)
    const followed = this.#followed.get(runId)
    if (followed) return ok(followed.state)
    const sent = this.#sent.get(runId)
    if (sent) return ok(sent.run)
    const entry = await this.#boss.index.find(runId)
    if (!entry) return fail(`There is no run ${runId} in the history`)
    try {
      return ok(await this.#look(runId, entry.outputDir))
    } catch (error) {
      return fail(`The log of the run can't be read: ${messageOf(error)}`, 'It may be deleted')
    }
  }

  /** Takes a run out of the history. */
  async forget(runId: string): Promise<void> {
    await this.#boss.index.forget(runId)
    this.#looked.forget(runId)
  }

  /** Takes in a run that came as a file, to be looked at under the id that is given back. */
  async openFile(file: string): Promise<Result<{ runId: string }>> {
    const opened = await openSentRun(file)
    if (!opened.ok) return opened
    const sent = opened.value
    // It may be a run of this computer, too, which keeps its own id.
    const runId = `sent-${sent.digest.slice(0, 32)}`
    sent.run.runId = runId
    renameLocal(sent.run)
    this.#sent.delete(runId)
    this.#sent.set(runId, sent)
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= mostSent) break
      this.#sent.delete(oldest)
    }
    return ok({ runId })
  }

  /** The name of the file that a run came as; empty for one of this computer. */
  sentAs({ runId }: Pick<RunState, 'runId'>): string {
    return this.#sent.get(runId)?.name ?? ''
  }

  /** What is kept of its builds. */
  async resultsOf(run: RunState): Promise<KnownResults> {
    return this.#sent.get(run.runId) ?? (await resultsOnDisk(run, this.cacheDir))
  }

  /** A run that something may be done with: one that came as a file has no tree or folders here. */
  async openOwn(runId: string): Promise<Result<RunState>> {
    const opened = await this.open(runId)
    if (!opened.ok || this.sentAs(opened.value) === '') return opened
    return fail('That run came as a file: it can only be looked at')
  }

  async #look(runId: string, outputDir: string): Promise<RunState> {
    const followed = await FollowedRun.open({
      logPath: runLogPath(outputDir, runId),
      isAlive: async () => (await runningIn(outputDir)) === runId,
      onEvent: (event, version) => this.#batchesOfElsewhere.add(runId, version, event),
      onEnd: () => this.#followed.delete(runId),
    })
    const { state } = followed
    // A machine has the colour that it has today, whatever it was when the run was logged.
    for (const machine of state.machines) machine.hue = this.#boss.hues.slotOf(machine.name)
    this.#followed.get(runId)?.leave() // another request was as quick
    if (followed.goesOn) this.#followed.set(runId, followed)
    else this.#looked.set(runId, state)
    return state
  }

  /** Whether it goes on elsewhere and was looked at. */
  follows(runId: string): boolean {
    return this.#followed.has(runId)
  }

  /** Whether a run goes on that this window does not drive. */
  isElsewhere(run: RunState): boolean {
    return run.finishedAt === 0 && run.runId !== this.#run?.runId
  }

  /** Newest first. A run whose boss died is shown as far as it came. */
  async history(): Promise<HistoryEntry[]> {
    const settled: HistoryEntry[] = []
    const { index } = this.#boss
    // One after the other: each may have a long log to read.
    for (const entry of await index.list()) {
      settled.push(entry.runId === this.#run?.runId ? entry : await settleEntry(entry, index))
    }
    return settled
  }

  /** Ends the run and its workers, and everything else that was started. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the app is closing'))
    const late = after(closeLimitMs)
    if (this.#run && this.#isBusy) {
      this.#run.act({ kind: 'cancel' })
      await Promise.race([this.#left, late])
    }
    await Promise.race([this.#comparison?.finished, late])
    await Promise.race([this.#boss.close(), after(connectionsLimitMs), late])
    for (const run of this.#followed.values()) run.leave()
    await Promise.race([this.#demo?.stop(), late])
  }

  #makeBoss(): Boss {
    const made = createBoss({
      ...this.#options,
      configFile:
        this.#demo?.buildmanFile ??
        (this.#settings.buildmanFile || this.#options.defaultConfigFile),
      ...(this.#demo && { sshConfigFile: this.#demo.sshConfigFile }),
      allowDifferentCompilers: this.#settings.allowDifferentCompilers,
    })
    made.fleet.onChange((statuses) => this.#options.emit('machines:changed', this.listed(statuses)))
    return made
  }

  async #replaceBoss(): Promise<void> {
    this.#isBossStale = false
    const before = this.#boss
    this.#boss = this.#makeBoss()
    await before.close()
  }

  /** The run is over, or did not begin: the boss may be made anew again. */
  async #letGo(): Promise<void> {
    this.#isBusy = false
    if (this.#isBossStale && !this.#closing.signal.aborted) await this.#replaceBoss()
  }

  #follow(run: Run): void {
    this.#run = run
    const { runId } = run
    run.onEvent((event, version) => {
      this.#batches.add(runId, version, event)
    })
    run.onLog((line) => {
      if (line.kind !== 'build') return
      const { board, upto, text } = line
      this.#options.emit('log:chunk', { build: { runId, board, upto }, text })
    })
    if (this.#closing.signal.aborted) run.act({ kind: 'cancel' })
  }

  #leaveAfter(ended: Promise<unknown>): void {
    this.#left = ended.then(() => {
      this.#batches.flush()
      return this.#letGo()
    })
  }
}

/** What was local to the sender is not so here. */
function renameLocal({ machines, machineIndex }: RunState): void {
  const index = machineIndex.get(LOCAL)
  const machine = machines[index ?? -1]
  if (index === undefined || !machine || machineIndex.has(sender)) return
  machine.name = sender
  machineIndex.delete(LOCAL)
  machineIndex.set(sender, index)
}

const comparing = fail('Machines are being compared', 'Stop that, or wait for its end')

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
