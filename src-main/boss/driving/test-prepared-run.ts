import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultBuildSettings } from '../../../src-core/build-options/build-settings.ts'
import type { MachineFacts, RunRequest } from '../../../src-core/model.ts'
import { fail, ok } from '../../../src-core/result.ts'
import { testConfig, testStatus } from '../../../src-core/test-machine.ts'
import { bundleWorker } from '../../../src-worker/testing/bundle-worker.ts'
import { type Boards, makeSmallTree } from '../../../src-worker/testing/small-tree.ts'
import { localTransport } from '../../machines/transport/local-transport.ts'
import { shellQuote } from '../../machines/transport/shell-quote.ts'
import { openResultStore } from '../../results/result-store.ts'
import { openRunIndex } from '../../results/run-index.ts'
import { openRunLog, runLogPath } from '../../results/run-log.ts'
import type { MachineSteps } from '../machine-steps.ts'
import type { PreparedRun } from '../prepared-run.ts'
import { newRunId } from '../preparing/run-id.ts'
import { madeUpBoard } from '../scheduling/simulation/made-up-boards.ts'
import { executionPipe } from '../worker-link/worker-pipe.ts'

const transport = localTransport()
const boss = 'anna@desk'

const facts: MachineFacts = {
  hostname: 'here',
  computer: '',
  machineId: '',
  arch: 'x86_64',
  kernel: 'Linux',
  cores: 2,
  threads: 2,
  bogomips: 4000,
  load1m: 0,
  memAvailableMb: 4096,
  diskAvailableMb: 8192,
  buildsIn: '/root',
  tools: {},
  clockOffsetMs: 0,
  workers: [],
}

/** A run of real workers on this computer, each under a machine's name, of a small tree's boards. */
export type Fixture = {
  readonly dir: string
  readonly prepared: PreparedRun
  /** How often each machine's worker was started. */
  readonly starts: ReadonlyMap<string, number>
}

export type FixtureOptions = {
  readonly boards: Boards
  /** Those that take part from the start. */
  readonly taking: readonly string[]
  /** Machines that may be added while it runs. */
  readonly spare?: readonly string[]
  /** Steps of a machine that are other than usual. */
  readonly steps?: (machine: string, usual: MachineSteps) => Partial<MachineSteps>
  /** The bundled worker, for those who have it already. */
  readonly workerFile?: string
  readonly change?: (prepared: PreparedRun) => Partial<PreparedRun>
}

export async function prepareFixture(options: FixtureOptions): Promise<Fixture> {
  const { taking, spare = [], steps = () => ({}), change = () => ({}) } = options
  const dir = await mkdtemp(join(tmpdir(), 'slipway-run-'))
  const workerFile = options.workerFile ?? (await bundleWorker())
  const base = join(dir, 'out')
  const names = [...taking, ...spare]
  const [first = ''] = names
  const [hash = ''] = makeSmallTree(join(dir, first), [{ boards: options.boards }])
  // Copies: commits that are made a second apart have other hashes.
  for (const name of names.slice(1)) {
    await cp(join(dir, first), join(dir, name), { recursive: true, verbatimSymlinks: true })
  }
  const boards = Object.keys(options.boards).map((target) => madeUpBoard(target, 'sandbox'))
  const machines = names.map((name) => testConfig(name, { maxBoards: 1 }))
  const runId = newRunId(new Date())
  const starts = new Map<string, number>()
  const stepsFor = (machine: string): MachineSteps => {
    const usual = usualSteps(machine, join(dir, machine), async () => {
      starts.set(machine, (starts.get(machine) ?? 0) + 1)
      const command = shellQuote([process.execPath, workerFile, '--worker'])
      return executionPipe(await transport.exec(`exec ${command}`))
    })
    return { ...usual, ...steps(machine, usual) }
  }
  const prepared: PreparedRun = {
    request: requestOf(dir, base, Object.keys(options.boards)),
    boards,
    commits: [
      {
        upto: 0,
        hash,
        subject: 'commit 0',
        author: 't',
        currentSource: false,
      },
    ],
    base,
    resume: {
      done: [],
      todo: new Map(boards.map(({ target }) => [target, [0]])),
      again: [],
      left: [],
    },
    store: openResultStore({ base: base, layout: 'subfolders' }),
    log: await openRunLog(runLogPath(base, runId)),
    onLogProblem: () => {},
    onOutputLost: () => {},
    index: openRunIndex(join(dir, 'runs')),
    runId,
    machineNow: async (name) => {
      const machine = machines.find((one) => one.name === name)
      return machine ? ok(machine) : fail(`There is no machine '${name}'`)
    },
    taking: machines.filter(({ name }) => taking.includes(name)),
    providers: [],
    hueOf: (machine) => names.indexOf(machine) + 1,
    stepsFor,
    costOf: () => ({ first: 100, next: 50 }),
    warmFactor: 1,
    boss,
    toolchainWrapper: '',
    remoteCache: '',
    farmCache: null,
    variant: {},
    blobs: { commit: '', ofBoard: new Map() },
    fingerprintOf: () => '',
    absentFiles: [],
    notes: [],
    learn: () => {},
    release: async () => {},
  }
  return { dir, prepared: { ...prepared, ...change(prepared) }, starts }
}

function usualSteps(
  machine: string,
  workDir: string,
  startWorker: MachineSteps['startWorker'],
): MachineSteps {
  const toolchain = { arch: 'sandbox', gcc: '/usr/bin/gcc', prefix: '', version: '', triple: '' }
  return {
    probe: async () =>
      testStatus(machine, {
        config: testConfig(machine, { maxBoards: 1 }),
        facts,
        toolchains: [toolchain],
        slots: 1,
        probedAt: Date.now(),
      }),
    toolchains: () => ({ archs: new Map([['sandbox', toolchain]]), leftOut: [] }),
    provision: async () => ok({ command: '', workDir }),
    pushSource: async () => ok(undefined),
    startWorker,
  }
}

function requestOf(treeDir: string, outputDir: string, boards: readonly string[]): RunRequest {
  return {
    treeDir,
    outputDir,
    boards,
    commits: { kind: 'branch', branch: 'main' },
    distribute: true,
    useMachines: [],
    noLocal: false,
    settings: { ...defaultBuildSettings, ccache: false },
  }
}
