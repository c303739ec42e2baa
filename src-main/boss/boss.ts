import { existsSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { LOCAL, type RunRequest } from '../../src-core/model.ts'
import type { ProviderConfig } from '../../src-core/provider.ts'
import { ok, type Result } from '../../src-core/result.ts'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { makePrivateFolder } from '../../src-system/private-folder.ts'
import { BlobFiles } from '../blobs/blob-files.ts'
import { blobsSaidHere } from '../blobs/said-blobs.ts'
import { messageOf } from '../error-text.ts'
import { type Fleet, MachineFleet } from '../machines/fleet.ts'
import { MachineHues } from '../machines/machine-hues.ts'
import type { Asker } from '../machines/ssh-login/asker.ts'
import { machineConnector } from '../machines/transport/connect-machine.ts'
import { localTransport } from '../machines/transport/local-transport.ts'
import { shellQuote } from '../machines/transport/shell-quote.ts'
import { makeProvider } from '../providers/make-provider.ts'
import type { Provider } from '../providers/provider.ts'
import { openRunIndex, type RunIndex } from '../results/run-index.ts'
import { mendTemporaryPlace } from '../temporary-folder.ts'
import { driveOnDemand, driveRun } from './driving/run.ts'
import type { Run, RunOnDemand } from './driving/run-under-way.ts'
import type { PreparedRun } from './prepared-run.ts'
import { forecastRun } from './preparing/forecast-run.ts'
import {
  type BossDeps,
  prepareRun,
  readScope,
  recallScope,
  type ScopeOptions,
} from './preparing/prepare-run.ts'
import { localSteps } from './steps/local-steps.ts'
import { remoteSteps } from './steps/remote-steps.ts'
import { executionPipe, type WorkerPipe } from './worker-link/worker-pipe.ts'

export type BossOptions = {
  /** `~/.buildman`, or the file of `-G`. */
  readonly configFile: string
  /** Instead of the user's `~/.ssh/config`. */
  readonly sshConfigFile?: string
  readonly cacheDir: string
  /** History and durations. */
  readonly stateDir: string
  /** The bundled worker, and the bundled `scan-boards.ts`. */
  readonly workerFile: string
  readonly scanThread: string | URL
  readonly ask: Asker
  readonly allowDifferentCompilers: boolean
  /** A `buildman` to drive on every machine, whatever `[machine:NAME]` says. */
  readonly buildmanPath?: string
  /** Firmware that words of the command line name, beside the environment. */
  readonly blobWords?: readonly string[]
  /** How the worker of this computer is started; a child process of this Node by default. */
  readonly startLocalWorker?: () => Promise<WorkerPipe>
}

/** A run on demand, with what was settled before it began. */
export type StartedOnDemand = {
  readonly run: RunOnDemand
  readonly prepared: PreparedRun
  /** The repository that has its commits: see `CommitSeries`. */
  readonly gitDir: string
}

/** Plans runs and drives them, for the window, the terminal and the tests alike. */
export type Boss = {
  /** `user@host`, as workers are told. */
  readonly name: string
  readonly sshConfigFile: string | undefined
  readonly fleet: Fleet
  readonly index: RunIndex
  readonly hues: MachineHues
  /** Of `[provider:NAME]`, as the configuration was last read. */
  providers(): readonly Provider[]
  /** What a run would do; asks machines of which nothing is known yet. */
  plan(request: RunRequest, options?: ScopeOptions): Promise<Result<PlanSummary>>
  /** The same at once, from what was last read of all; null where nothing was. */
  planKnown(request: RunRequest): Promise<Result<PlanSummary | null>>
  start(request: RunRequest, options?: ScopeOptions): Promise<Result<Run>>
  /** Machines are made ready for all of the request; nothing is built before it is wanted. */
  startOnDemand(request: RunRequest, options?: ScopeOptions): Promise<Result<StartedOnDemand>>
  close(): Promise<void>
}

export function createBoss(options: BossOptions): Boss {
  const { configFile, sshConfigFile, cacheDir, stateDir, allowDifferentCompilers } = options
  makeOwnFolder(cacheDir, 'XDG_CACHE_HOME')
  makeOwnFolder(stateDir, 'XDG_STATE_HOME')
  const placeNote = mendTemporaryPlace()
  const fleet = new MachineFleet({
    configFile,
    connect: machineConnector({
      ask: options.ask,
      ...(sshConfigFile !== undefined && { configFile: sshConfigFile }),
    }),
    allowDifferentCompilers,
    localWorkDir: join(cacheDir, 'work'),
  })
  const index = openRunIndex(join(stateDir, 'runs'))
  const hues = new MachineHues(join(stateDir, 'machine-hues'))
  const boss = `${userInfo().username}@${hostname()}`
  const startLocalWorker = options.startLocalWorker ?? (() => startWorkerHere(options.workerFile))
  const configOf = (machine: string) => fleet.machines().find(({ name }) => name === machine)
  const providerFor = (config: ProviderConfig) =>
    makeProvider(config, { connect: (machine) => fleet.connect(machine) })
  const deps: BossDeps = {
    fleet,
    known: new Map(),
    cacheDir,
    stateDir,
    index,
    hues,
    scanThread: options.scanThread,
    boss,
    blobFiles: new BlobFiles(),
    saidBlobs: blobsSaidHere(process.env, options.blobWords ?? [], process.cwd(), existsSync),
    notes: placeNote === '' ? [] : [placeNote],
    providerFor,
    stepsFor: (machine, source, note) =>
      machine === LOCAL
        ? localSteps(
            { fleet, cacheDir, boss, startLocalWorker, ifBusy: fleet.config().local.ifBusy },
            source,
          )
        : remoteSteps(
            {
              machine,
              fleet,
              cacheDir,
              boss,
              workerFile: options.workerFile,
              buildmanPath: options.buildmanPath || (configOf(machine)?.buildmanPath ?? ''),
              ifBusy: configOf(machine)?.ifBusy ?? 'wait',
              note,
            },
            source,
          ),
  }
  return {
    name: boss,
    sshConfigFile,
    fleet,
    index,
    hues,
    providers: () => fleet.config().providers.map(providerFor),
    async plan(request, options = {}) {
      const scope = await readScope(request, deps, options)
      return scope.ok ? forecastRun(scope.value, deps, options) : scope
    },
    async planKnown(request) {
      const scope = await recallScope(request, deps)
      if (!scope?.ok) return scope ?? ok(null)
      return forecastRun(scope.value, deps, { patienceMs: 0 })
    },
    async start(request, options = {}) {
      const scope = await readScope(request, deps, options)
      if (!scope.ok) return scope
      const prepared = await prepareRun(scope.value, deps)
      return prepared.ok ? ok(driveRun(prepared.value)) : prepared
    },
    async startOnDemand(request, options = {}) {
      const scope = await readScope(request, deps, options)
      if (!scope.ok) return scope
      const prepared = await prepareRun(scope.value, deps)
      if (!prepared.ok) return prepared
      const { gitDir } = scope.value.series
      return ok({ run: driveOnDemand(prepared.value), prepared: prepared.value, gitDir })
    },
    close: () => fleet.close(),
  }
}

async function startWorkerHere(workerFile: string): Promise<WorkerPipe> {
  const command = shellQuote([process.execPath, workerFile, '--worker'])
  return executionPipe(await localTransport().exec(`exec ${command}`))
}

function makeOwnFolder(folder: string, variable: string): void {
  try {
    makePrivateFolder(folder)
  } catch (error) {
    const why = `${folder} can't be used: ${messageOf(error)}`
    throw new Error(`${why}. Let ${variable} lead to a folder that can`, { cause: error })
  }
}
