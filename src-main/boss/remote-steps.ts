import { join } from 'node:path'
import { ok, type Result } from '../../src-preload/result.ts'
import type { Fleet } from '../machines/fleet.ts'
import { provisionWorker } from '../machines/provision.ts'
import { pushSource } from '../machines/push-source.ts'
import type { MachineSteps, StepTeller } from './machine-session.ts'
import type { SourceOfRun } from './prepare-run.ts'
import { workFolderName } from './work-folder.ts'
import { executionWire } from './worker-link.ts'

export type RemoteStepsOptions = {
  readonly machine: string
  readonly fleet: Fleet
  readonly cacheDir: string
  readonly boss: string
  readonly workerFile: string
  /** What a person should know about the source on this machine. */
  readonly note: (text: string) => void
}

/** Milliseconds between two words about how far a transfer is. */
const progressMs = 250

/** The steps of a machine that is reached over its shared connection. */
export function remoteSteps(options: RemoteStepsOptions, source: SourceOfRun): MachineSteps {
  const { machine, fleet, cacheDir, boss, workerFile } = options
  const seldom = createPacer(progressMs)
  return {
    async probe(signal) {
      // The way there is tried first: its errors say whether trying again makes sense.
      await fleet.connect(machine, signal)
      await fleet.probe([machine], signal)
      const status = fleet.statuses().find(({ config }) => config.name === machine)
      if (!status) throw new Error(`${machine} is not configured any more`)
      return status
    },
    toolchains: () => fleet.toolchainsOf(machine),
    async provision(tell, signal) {
      const transport = await fleet.connect(machine, signal)
      const facts = fleet.statuses().find(({ config }) => config.name === machine)?.facts
      if (!facts) throw new Error(`${machine} was not probed`)
      const progress = (step: string, done: number, total: number) =>
        seldom(() => tell(step, { done, total }))
      const worker = await provisionWorker(transport, facts, {
        workerFile,
        cacheDir,
        progress,
        signal,
      })
      if (!worker.ok) return worker
      const workDir = `~/.cache/slipway/work/${workFolderName(boss, source.treeDir)}`
      return ok({ command: worker.value.command, workDir })
    },
    pushSource: ({ workDir }, tell, signal) => push(workDir, tell, signal),
    async startWorker({ command }, signal) {
      const transport = await fleet.connect(machine, signal)
      return executionWire(await transport.exec(command, { signal }))
    },
  }

  async function push(
    workDir: string,
    tell: StepTeller,
    signal: AbortSignal,
  ): Promise<Result<void>> {
    const transport = await fleet.connect(machine, signal)
    const { gitDir, commits } = source
    const pushed = await pushSource(
      transport,
      { gitDir, commits, remoteRepo: join(workDir, 'repo.git') },
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

/** Calls at most once in `ms` milliseconds; what comes sooner is dropped. */
function createPacer(ms: number): (call: () => void) => void {
  let last = Number.NEGATIVE_INFINITY
  return (call) => {
    const now = performance.now()
    if (now - last < ms) return
    last = now
    call()
  }
}
