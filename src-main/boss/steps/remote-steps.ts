import type { MachineConfig, MachineFacts } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { Fleet } from '../../machines/fleet.ts'
import { createStatusOf } from '../../machines/fresh-probe.ts'
import { closeFolder, provisionWorker } from '../../machines/provision/provision.ts'
import { pushSource } from '../../machines/source/push-source.ts'
import { run } from '../../machines/transport/run-command.ts'
import type { Transport } from '../../machines/transport/transport.ts'
import type { MachineSteps, SourceOfRun, StepTeller, WorkerStart } from '../machine-steps.ts'
import { createPacer } from '../pacer.ts'
import { endOwnWorker } from '../stale-workers/stale-workers.ts'
import { executionPipe } from '../worker-link/worker-pipe.ts'
import { buildmanTree, findBuildman, startBuildman } from './buildman-worker.ts'
import { createWorkFolders } from './work-folder.ts'

export type RemoteStepsOptions = {
  readonly machine: string
  readonly fleet: Fleet
  readonly cacheDir: string
  readonly boss: string
  readonly workerFile: string
  /** A `buildman` of the machine to drive in place of our worker; empty for ours. */
  readonly buildmanPath: string
  readonly ifBusy: MachineConfig['ifBusy']
  /** What a person should know about the source on this machine. */
  readonly note: (text: string) => void
}

/** Milliseconds without a word from a machine: one that swaps or waits for its disk is not lost. */
const answerMs = 180_000

/** Milliseconds between two words about how far a transfer is. */
const progressMs = 250

/** The steps of a machine that is reached over its shared connection. */
export function remoteSteps(options: RemoteStepsOptions, source: SourceOfRun): MachineSteps {
  const { machine, fleet, cacheDir, boss, workerFile, buildmanPath } = options
  const folders = createWorkFolders({
    boss,
    treeDir: source.treeDir,
    machine,
    ifBusy: options.ifBusy,
  })
  const workDirFor = (facts: MachineFacts) => `~/.cache/slipway/work/${folders.path(facts)}`
  const seldom = createPacer(progressMs)
  const statusOf = createStatusOf(fleet, machine)
  return {
    async probe(signal) {
      // The way there is tried first: its errors say whether trying again makes sense.
      await fleet.connect(machine, signal)
      return statusOf(signal)
    },
    toolchains: () => fleet.toolchainsOf(machine),
    async provision(tell, signal) {
      const transport = await fleet.connect(machine, signal)
      const facts = fleet.statuses().find(({ config }) => config.name === machine)?.facts
      if (!facts) throw new Error(`${machine} was not probed`)
      const workDir = workDirFor(facts)
      if (buildmanPath !== '') return findProgram(transport, workDir, signal)
      const progress = (step: string, done: number, total: number) =>
        seldom(() => tell(step, { done, total }))
      const worker = await provisionWorker(transport, facts, {
        workerFile,
        cacheDir,
        progress,
        signal,
      })
      if (!worker.ok) return worker
      return ok({ command: worker.value.command, workDir })
    },
    pushSource: ({ workDir }, tell, signal) => push(workDir, tell, signal),
    async startWorker({ command }, signal) {
      const transport = await fleet.connect(machine, signal)
      return executionPipe(await transport.exec(command, { signal }))
    },
    async endWorker(pid, signal) {
      return endOwnWorker(await fleet.connect(machine, signal), { boss, pid }, { signal })
    },
    moveToAnotherFolder: folders.another,
  }

  /** Nothing is brought there: the program is the machine's own. */
  async function findProgram(
    transport: Transport,
    workDir: string,
    signal: AbortSignal,
  ): Promise<Result<WorkerStart>> {
    const newest = source.commits.at(-1) ?? 'HEAD'
    const script = `${closeFolder()}\n${findBuildman(buildmanPath)}`
    const found = await run(transport, script, { signal, stallMs: answerMs })
    if (found.status.kind === 'exit' && found.status.code === 0) {
      const command = startBuildman(buildmanPath, workDir, newest)
      return ok({ command, workDir, isBuildman: true })
    }
    return fail(
      `${machine}: there is no program ${buildmanPath}`,
      'Look at buildman_path in ~/.buildman, or leave it out: Slipway brings a worker of its own',
    )
  }

  async function push(
    workDir: string,
    tell: StepTeller,
    signal: AbortSignal,
  ): Promise<Result<void>> {
    const transport = await fleet.connect(machine, signal)
    const { gitDir, blobsCommit } = source
    const commits = [...source.commits, ...(blobsCommit === '' ? [] : [blobsCommit])]
    const remoteRepo = buildmanPath === '' ? `${workDir}/repo.git` : `${buildmanTree(workDir)}/.git`
    const pushed = await pushSource(
      transport,
      { gitDir, commits, remoteRepo },
      ({ sentBytes, fraction }) => {
        const total = fraction ? Math.round(sentBytes / fraction) : 0
        seldom(() => tell('sending the source', { done: sentBytes, total }))
      },
      signal,
    )
    if (!pushed.ok) return pushed
    for (const text of pushed.value.notes) options.note(text)
    return ok(undefined)
  }
}
