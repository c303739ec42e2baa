import { usualBlobBounds } from '../../src-core/blobs/blob-rules.ts'
import { noChips } from '../../src-core/boards/selection.ts'
import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import {
  type Board,
  type Commit,
  defaultThresholds,
  LOCAL,
  type RunRequest,
} from '../../src-core/model.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { packRun } from '../../src-core/run/run-snapshot.ts'
import { applyEvent, emptyRun, type RunState } from '../../src-core/run/run-state.ts'
import type { Envelope } from '../../src-preload/bridge.ts'
import type { ListedMachine, ListedProvider, Question } from '../../src-preload/contract.ts'
import { answerAboutBuilds } from './made-up-builds.ts'
import { madeUpComparison } from './made-up-comparison.ts'
import { scheduledRun } from './scheduled-run.ts'
import {
  beginning,
  builds,
  machineNames,
  type SyntheticRun,
  syntheticRun,
} from './synthetic-run.ts'

/**
 * A boss that builds nothing, for measuring and looking at the window without machines: it answers
 * what the window asks and plays a made-up run. It is no stand-in in any test of behaviour.
 */
export type MadeUpBoss = {
  readonly answer: (name: string, args: unknown) => Envelope
  /** Starts a run and plays `perSecond` results a second until `results` are done. */
  readonly play: (options: PlayOptions) => void
  /** Tells a run at once as machines would have done it, each build in its time. */
  readonly playScheduled: (options: Parameters<typeof scheduledRun>[0]) => void
  /** Tells events of a hand-made scene at once. */
  readonly tell: (events: readonly RunEvent[]) => void
  readonly ask: (question: Question) => void
  readonly stop: () => void
  readonly run: () => RunState
}

export type PlayOptions = {
  readonly boards: number
  readonly commits: number
  readonly machines: number
  /** 0 plays everything at once. */
  readonly perSecond: number
  /** Results after which it stops; the run then stands still, unless it is to finish. */
  readonly results: number
  readonly finish: boolean
}

export type BossOptions = {
  readonly theme: 'light' | 'dark' | 'system'
  readonly trees: readonly string[]
  readonly machines: number
  /** Of them, the last ones that do not answer. */
  readonly silent?: number
  readonly boards: number
  /** Another window or a terminal drives the run. */
  readonly elsewhere?: boolean
  /** There are a cluster and a lab to ask for machines. */
  readonly providers?: boolean
}

/** As often as the boss's own feed sends batches. */
const batchMs = 34

export function createMadeUpBoss(
  options: BossOptions,
  emit: (name: string, payload: unknown) => void,
): MadeUpBoss {
  const { boards } = syntheticRun({ ...options, commits: 1, runId: '' })
  let run = emptyRun()
  let timer: ReturnType<typeof setInterval> | undefined
  let count = 0
  const tell = (events: readonly RunEvent[]) => {
    const version = events[0]?.type === 'run-started' ? 0 : run.version
    if (version === 0) run = emptyRun()
    for (const event of events) applyEvent(run, event)
    emit('run:events', { runId: run.runId, version, events })
  }
  return {
    tell,
    playScheduled: (wishes) => tell(scheduledRun(wishes)),
    run: () => run,
    stop: () => clearInterval(timer),
    ask: (question) => emit('question:asked', question),
    answer: (name, args) => ({ ok: true, reply: answer(name, args, options, boards, run) }),
    play(wishes) {
      clearInterval(timer)
      count += 1
      const made = syntheticRun({ ...wishes, runId: `run-${count}` })
      const opening = beginning(made, Date.now())
      if (wishes.perSecond === 0) {
        tell([...opening, ...playAll(made, wishes)])
        return
      }
      tell(opening)
      timer = playLive(made, wishes, tell)
    },
  }
}

function* playAll(run: SyntheticRun, { results, finish }: PlayOptions): Generator<RunEvent> {
  const total = run.boards.length * run.commits.length
  const begun = Date.now()
  let done = 0
  for (const build of builds(run)) {
    if (done >= results) break
    yield build.started(begun)
    yield build.finished(begun + Math.round((60_000 * done) / total))
    done += 1
  }
  if (finish) yield { at: begun + 61_000, type: 'run-finished', exitCode: 100, cancelled: false }
}

function playLive(
  run: SyntheticRun,
  { perSecond, results, finish }: PlayOptions,
  tell: (events: readonly RunEvent[]) => void,
): ReturnType<typeof setInterval> {
  const source = builds(run)
  const building: { finished: (at: number) => RunEvent }[] = []
  const slots = run.machines.reduce((sum, machine) => sum + machine.slots, 0)
  let done = 0
  let owed = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    owed += ((now - last) * perSecond) / 1000
    last = now
    const events: RunEvent[] = []
    const at = Date.now()
    while (building.length < slots) {
      const build = source.next()
      if (build.done) break
      events.push(build.value.started(at))
      building.push(build.value)
    }
    for (; owed >= 1 && done < results && building.length > 0; owed -= 1) {
      const build = building.shift()
      if (build) events.push(build.finished(at))
      done += 1
      const next = source.next()
      if (next.done) continue
      events.push(next.value.started(at))
      building.push(next.value)
    }
    const over = done >= results || building.length === 0
    if (over) clearInterval(timer)
    if (over && finish) {
      events.push({ at, type: 'run-finished', exitCode: 100, cancelled: false })
    }
    if (events.length > 0) tell(events)
  }, batchMs)
  return timer
}

function answer(
  name: string,
  args: unknown,
  options: BossOptions,
  boards: readonly Board[],
  run: RunState,
): unknown {
  const ok = (value: unknown) => ({ ok: true, value })
  switch (name) {
    case 'settings:get':
      return { settings: settings(options), warnings: [] }
    case 'settings:set':
      return ok(args)
    case 'settings:build-defaults':
      return defaultBuildSettings
    case 'run:current':
      return run.runId === '' ? null : packRun(run, { elsewhere: options.elsewhere ?? false })
    case 'run:take-given':
      return ''
    case 'machines:list':
      return ok(statusOfAll(options))
    case 'providers:list':
      return ok(options.providers ? madeUpProviders : [])
    case 'providers:describe':
      return ok(offers[(args as { name: string }).name])
    case 'machines:try':
      return ok(machineStatus('trixie', 1))
    case 'blobs:rules':
      return ok(blobRules)
    case 'machines:ssh-hosts':
      return ['moa', 'ruru', 'lab-gw', 'build01', 'build02']
    case 'tree:choose':
      return '/home/ada/u-boot'
    case 'tree:sample':
      return ok('/home/ada/.cache/slipway/sample-tree')
    case 'tree:open':
      return ok(treeInfo)
    case 'tree:boards':
      return ok({ boards, warnings: [] })
    case 'tree:commits':
      return ok({ commits: [currentSource], notes: [] })
    case 'tree:touched':
      return ok(boards.slice(0, 12).map(({ target }) => target))
    case 'run:plan':
    case 'run:plan-known':
      return ok(plan(args as RunRequest, options))
    case 'compare:current':
      return madeUpComparison
    case 'workers:find':
      return foundWorkers
    case 'workers:kill':
      return { machine: (args as { machine: string }).machine, killed: 1, problem: '', left: [] }
    case 'app:versions':
      return { app: '0.1.0', electron: '45', chrome: '150', node: '24', runtime: 'in a page' }
    default:
      return answerAboutBuilds(name, args, run) ?? ok(undefined)
  }
}

const currentSource: Commit = {
  upto: 0,
  hash: 'f'.repeat(40),
  subject: 'Current source',
  author: 'Ada Smith',
  currentSource: true,
}

const treeInfo = {
  dir: '/home/ada/u-boot',
  name: 'u-boot',
  version: '2026.10-rc3',
  git: {
    branch: 'spl-rework',
    hash: '3f21bc90aa',
    subject: 'spl: Keep the boot device',
    changedFiles: 3,
    branches: [
      { name: 'master', upstream: 'origin/master' },
      { name: 'spl-rework', upstream: 'origin/master' },
    ],
  },
}

const foundWorkers = [
  { machine: LOCAL, workers: [], problem: '' },
  {
    machine: 'moa',
    problem: '',
    workers: [
      {
        kind: 'slipway',
        pid: 21844,
        startTime: '1',
        ageSeconds: 93_000,
        boss: 'ada@desk',
        runId: '',
        command: 'node /home/ada/.cache/slipway/worker-1f3a.mjs',
        lockPath: '/run/user/1000/slipway/worker.lock',
        state: 'stale',
      },
      {
        kind: 'slipway',
        pid: 30112,
        startTime: '2',
        ageSeconds: 200,
        boss: 'bob@lab',
        runId: 'r-77',
        command: 'node /home/bob/.cache/slipway/worker-1f3a.mjs',
        lockPath: '/run/user/1001/slipway/worker.lock',
        state: 'live',
      },
    ],
  },
  { machine: 'ruru', workers: [], problem: '' },
  { machine: 'kea', workers: [], problem: 'no answer within 10 s' },
  { machine: 'tui', workers: [], problem: 'no answer within 10 s' },
]

const blobRules = {
  rules: {
    rules: [
      { only: '', pattern: 'bl31.bin', path: '~/tf-a/build/sun50i_a64/release/bl31.bin' },
      { only: 'imx8mm', pattern: 'lpddr4_*', path: '~/imx/firmware-imx-8.20/firmware/ddr' },
      { only: 'pine64_plus', pattern: 'scp.bin', path: '/srv/crust/scp.bin' },
    ],
    folders: [{ only: '', path: '~/firmware' }],
    ...usualBlobBounds,
  },
  notThere: ['/srv/crust/scp.bin'],
}

const madeUpProviders: readonly ListedProvider[] = [
  { name: 'cluster', kind: 'slurm', nodes: 8, loginNode: 'moa' },
  { name: 'lab', kind: 'commands', nodes: 2, loginNode: '' },
]

const offers: Readonly<Record<string, string>> = {
  cluster: 'Slurm, nodes: 5 idle, 11 mixed (build, at most 2:00:00 each)',
  lab: '2 machines: oven and pan, 0.4 a minute',
}

function settings(options: BossOptions) {
  return {
    theme: options.theme,
    density: 'comfortable',
    panels: { launch: 0, machines: 0, detail: 0 },
    machineColours: {},
    editorCommand: '',
    notifications: true,
    buildmanFile: '',
    recentTrees: [...options.trees],
    outputDir: '',
    distribute: true,
    noLocal: false,
    useMachines: [],
    providers: options.providers ? [{ name: 'cluster', nodes: 4 }] : [],
    allowDifferentCompilers: false,
    toolchainMirror: '',
    selections: [
      { name: 'my SoC', terms: 'rk3.*', exclude: 'sandbox', chips: noChips, boards: [] },
      {
        name: 'in the lab',
        terms: '',
        exclude: '',
        chips: noChips,
        boards: ['tor0_edge', 'ti1757_nano', 'fre7622_nano'],
      },
    ],
  }
}

function plan(
  { boards: targets, providers = [] }: RunRequest,
  { machines, silent = 0 }: BossOptions,
) {
  const boards = targets.length
  const names = machineNames(machines)
  return {
    builds: boards,
    previously: 0,
    machines: names.map((name, index) => ({
      name,
      slots: 8,
      ...(index >= machines - silent
        ? { boards: 0, reason: noRoute(index) }
        : index === 3
          ? { boards: 0, reason: 'busy: load 31.2 on 16 cores' }
          : { boards: Math.ceil(boards / Math.max(1, machines - silent)), reason: '' }),
    })),
    providers,
    notBuilt: [{ arch: 'xtensa', reason: 'no toolchain for xtensa', boards: ['xtfpga', 'dc233c'] }],
    estimate: { low: boards * 0.25, high: boards * 0.4 },
    blocked: '',
    blobs: [
      {
        name: 'bl31.bin',
        variable: 'BL31',
        optional: false,
        from: 'BL31 of the environment',
        boards: targets.filter((_, index) => index % 3 === 1),
      },
      {
        name: 'scp.bin',
        variable: 'SCP',
        optional: false,
        from: '',
        boards: targets.filter((_, index) => index % 12 === 4),
      },
    ],
    notes: [],
  }
}

function statusOfAll({ machines, silent = 0 }: BossOptions): readonly ListedMachine[] {
  return machineNames(machines).map((name, index) => {
    const status = machineStatus(name, index)
    if (index < machines - silent) return status
    return { ...status, state: 'unavailable', reason: noRoute(index), slots: 0 }
  })
}

function noRoute(index: number): string {
  return `ssh: connect to host 10.0.0.${index} port 22: No route to host`
}

function machineStatus(name: string, index: number): ListedMachine {
  const unavailable = index === 3
  return {
    config: {
      name,
      host: name === LOCAL ? '' : `ada@${name}`,
      maxBoards: 0,
      transport: 'ssh2',
      command: '',
      buildmanPath: '',
      ifBusy: 'wait',
      thresholds: defaultThresholds,
    },
    state: unavailable ? 'unavailable' : 'available',
    reason: unavailable ? 'busy: load 31.2 on 16 cores' : '',
    facts: {
      hostname: name,
      computer: name,
      machineId: name,
      arch: 'x86_64',
      kernel: '6.12.9',
      cores: 8,
      threads: 16,
      bogomips: 6000,
      load1m: unavailable ? 31.2 : 0.4 + index * 0.3,
      memAvailableMb: 12_000 + index * 900,
      diskAvailableMb: 210_000,
      buildsIn: '/home/ada',
      tools: { make: '4.3', git: '2.39.5', node: '20.19.0', dtc: '1.6.1' },
      clockOffsetMs: 0,
      workers: [],
    },
    toolchains: ['aarch64', 'arm', 'riscv64'].map((arch) => ({
      arch,
      gcc: `/usr/bin/${arch}-linux-gnu-gcc`,
      prefix: `${arch}-linux-gnu-`,
      version: '12.2.0',
      triple: `${arch}-linux-gnu`,
    })),
    leftOut: [],
    notes: [],
    slots: index === 0 ? 4 : 8 + 8 * (index % 3),
    probedAt: Date.now() - 20_000,
    hue: index + 1,
  }
}
