import type { MachineStatus, RunRequest } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { AppSettings } from '../../src-core/schemas.ts'
import type { Events, HistoryEntry, ListedMachine } from '../../src-preload/contract.ts'
import { type Boss, type BossOptions, createBoss } from '../boss/boss.ts'
import type { Run } from '../boss/driving/run-under-way.ts'
import { messageOf } from '../error-text.ts'
import { type DemoMachines, startDemoMachines } from '../machines/demo-machines.ts'
import { runningIn } from '../results/output-lock.ts'
import { settleEntry } from '../results/run-index.ts'
import { readRun, runLogPath } from '../results/run-log.ts'
import { createEventBatches } from './event-batches.ts'

/** Tells the window something; it may not be there. */
export type Emit = <E extends keyof Events>(name: E, payload: Events[E]) => void

export type WindowBossOptions = Omit<BossOptions, 'configFile' | 'allowDifferentCompilers'> & {
  readonly emit: Emit
  /** Where the demo machines have their homes. */
  readonly demoDir: string
  readonly defaultConfigFile: string
}

/** What the window's requests work on: the boss, the run under way, and what was run before. */
export type WindowBoss = {
  /** What can be made again. */
  readonly cacheDir: string
  /** Made anew when the settings that it depends on have changed; never under a run. */
  boss(): Boss
  use(settings: AppSettings): Promise<void>
  startDemo(): Promise<Result<void>>
  start(request: RunRequest): Promise<Result<{ runId: string }>>
  /** The run under way, or the last one of this session. */
  run(): Run | null
  isRunning(): boolean
  /** These machines as the window lists them. */
  listed(statuses: readonly MachineStatus[]): ListedMachine[]
  /** The state of any run: live, or replayed from its log. */
  open(runId: string): Promise<Result<RunState>>
  history(): Promise<HistoryEntry[]>
  /** Ends the run and its workers, and everything else that was started. */
  close(): Promise<void>
}

/**
 * Longest that closing waits for the end of the run, milliseconds: a goodbye, a moment for the worker
 * to leave, and 10 s to end one that does neither (`SessionWaits`).
 */
const runEndLimitMs = 14_000
/** Longest that closing waits for connections that do not answer, milliseconds. */
const closeLimitMs = 4000

export function createWindowBoss(options: WindowBossOptions): WindowBoss {
  const { emit } = options
  const batches = createEventBatches((batch) => emit('run:events', batch))
  let settings: Pick<AppSettings, 'buildmanFile' | 'allowDifferentCompilers'> = {
    buildmanFile: '',
    allowDifferentCompilers: false,
  }
  let demo: DemoMachines | null = null
  let boss = makeBoss()
  /** Settings have changed that the boss was made from. */
  let isBossStale = false
  let run: Run | null = null
  let running = false
  /** The run under way has told its end: what is left to do is to close files. */
  let ended = false
  /** The run of before that was looked at last: its log may be long, and each of its builds asks for it. */
  let looked: RunState | null = null
  /** Settles when the run under way has let go of everything. */
  let left: Promise<void> = Promise.resolve()
  const closing = new AbortController()

  return {
    cacheDir: options.cacheDir,
    boss: () => boss,
    use,
    startDemo,
    start,
    run: () => run,
    isRunning: () => running && !ended,
    listed,
    open,
    history,
    close,
  }

  function makeBoss(): Boss {
    const made = createBoss({
      ...options,
      configFile: demo?.buildmanFile ?? (settings.buildmanFile || options.defaultConfigFile),
      ...(demo && { sshConfigFile: demo.sshConfigFile }),
      allowDifferentCompilers: settings.allowDifferentCompilers,
    })
    made.fleet.onChange((statuses) => emit('machines:changed', listed(statuses)))
    return made
  }

  function listed(statuses: readonly MachineStatus[]): ListedMachine[] {
    return statuses.map((status) => ({ ...status, hue: boss.hues.slotOf(status.config.name) }))
  }

  async function replaceBoss(): Promise<void> {
    isBossStale = false
    const before = boss
    boss = makeBoss()
    await before.close()
  }

  async function use(next: AppSettings): Promise<void> {
    const { buildmanFile, allowDifferentCompilers } = next
    const isSame =
      settings.buildmanFile === buildmanFile &&
      settings.allowDifferentCompilers === allowDifferentCompilers
    settings = { buildmanFile, allowDifferentCompilers }
    if (isSame) return
    // A run goes on under the settings that it was started with.
    if (running) isBossStale = true
    else await replaceBoss()
  }

  async function startDemo(): Promise<Result<void>> {
    if (running) return fail('A run is under way', 'Stop it first')
    try {
      demo ??= await startDemoMachines(options.demoDir)
    } catch (error) {
      return fail(`The demo machines can't be started: ${messageOf(error)}`)
    }
    await replaceBoss()
    const config = await boss.fleet.reload()
    if (!config.ok) return config
    await boss.fleet.probe(boss.fleet.statuses().map((status) => status.config.name))
    return ok(undefined)
  }

  async function start(request: RunRequest): Promise<Result<{ runId: string }>> {
    // Its end is shown a moment before its files are closed.
    if (run && run.state.finishedAt > 0) await left
    if (running) return fail('A run is under way already', 'Stop it, or wait for its end')
    running = true
    ended = false
    try {
      const started = await boss.start(request, { signal: closing.signal })
      if (!started.ok) {
        await stopRunning()
        return started
      }
      follow(started.value)
      return ok({ runId: started.value.runId })
    } catch (error) {
      await stopRunning()
      throw error
    }
  }

  async function stopRunning(): Promise<void> {
    running = false
    if (isBossStale && !closing.signal.aborted) await replaceBoss()
  }

  function follow(started: Run): void {
    run = started
    const { runId } = started
    started.onEvent((event, version) => {
      if (event.type === 'run-finished') ended = true
      batches.add(runId, version, event)
    })
    started.onLog((line) => {
      if (line.kind !== 'build') return
      const { board, upto, text } = line
      emit('log:chunk', { build: { runId, board, upto }, text })
    })
    left = started.finished.then(() => {
      batches.flush()
      return stopRunning()
    })
    if (closing.signal.aborted) started.act({ kind: 'cancel' })
  }

  async function open(runId: string): Promise<Result<RunState>> {
    if (run?.runId === runId) return ok(run.state)
    if (looked?.runId === runId) return ok(looked)
    const entry = await boss.index.find(runId)
    if (!entry) return fail(`There is no run ${runId} in the history`)
    try {
      const { run: read } = await readRun(runLogPath(entry.outputDir, runId))
      // A machine has the colour that it has today, whatever it was when the run was logged.
      for (const machine of read.machines) machine.hue = boss.hues.slotOf(machine.name)
      // Without an end it may still go on, in another window or terminal.
      if (read.finishedAt > 0) looked = read
      return ok((await runningIn(entry.outputDir)) === runId ? read : asEnded(read))
    } catch (error) {
      return fail(`The log of the run can't be read: ${messageOf(error)}`, 'It may be deleted')
    }
  }

  /** Newest first. A run whose boss died is shown as far as it came. */
  async function history(): Promise<HistoryEntry[]> {
    const settled: HistoryEntry[] = []
    // One after the other: each may have a long log to read.
    for (const entry of await boss.index.list()) {
      settled.push(entry.runId === run?.runId ? entry : await settleEntry(entry, boss.index))
    }
    return settled
  }

  async function close(): Promise<void> {
    closing.abort(new Error('the app is closing'))
    if (run && running) {
      run.act({ kind: 'cancel' })
      await Promise.race([run.finished, after(runEndLimitMs)])
    }
    await Promise.race([boss.close(), after(closeLimitMs)])
    await demo?.stop()
  }
}

/** A run whose boss died ended with its last event, whatever was under way. */
function asEnded(state: RunState): RunState {
  if (state.finishedAt === 0) Object.assign(state, { finishedAt: state.now, cancelled: true })
  return state
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
