import type { MachineStatus } from '../../../src-core/model.ts'
import { PROTOCOL_VERSION, type WorkerMessage } from '../../../src-worker/protocol/protocol.ts'
import type { ToolchainChoice } from '../../machines/toolchains/choose-toolchain.ts'
import type { MachineSteps, Progress, StepTeller, WorkerStart } from '../machine-steps.ts'
import {
  type ReadyMessage,
  WorkerEnded,
  WorkerError,
  WorkerLink,
} from '../worker-link/worker-link.ts'
import type { WorkerPipe } from '../worker-link/worker-pipe.ts'
import { orThrow, Refusal, refusalOf } from './attempt-end.ts'
import { type RunInstructions, wordsFor } from './run-instructions.ts'
import { withinStall } from './step-limit.ts'

export type ReadyMachine = {
  readonly slots: number
  /** Its folder for this run, absolute or below `~`. */
  readonly workDir: string
  readonly archs: ReadonlySet<string>
  readonly link: WorkerLink
  readonly status: MachineStatus
}

/** A worker that may be there. */
export type StartedWorker = {
  readonly pipe: WorkerPipe
  /** Its work folder. */
  readonly folder: string
  /** 0 while it has not said. */
  pid: number
}

/** What the session sees to while a worker is prepared. */
export type Preparation = {
  step(phase: 'connecting' | 'preparing', detail: string, progress?: Progress): void
  message(message: WorkerMessage): void
  diagnostics(text: string): void
  /** The machine was ready before in this run. */
  readonly wasAccepted: boolean
  /** Ends the steps. */
  readonly stop: AbortSignal
  /** Cuts the worker's line. */
  readonly cut: AbortSignal
  /** A step may wait for what others began, and not hear of our stop. */
  unlessStopped<T>(work: Promise<T>): Promise<T>
  opened(link: WorkerLink, worker: StartedWorker): void
  /** Ends our workers of before in this folder; false if there are none. */
  freeFolder(folder: string, except: StartedWorker): Promise<boolean>
  forgetOthers(folder: string, except: StartedWorker): void
}

/** Milliseconds without a word from a worker that answers pings and has something to do. */
const answerMs = 120_000
/** The same for one work tree of a large source on a slow disk. */
const workTreeMs = 600_000
/** Milliseconds without progress of a transfer. */
const transferMs = 300_000
/** Of a worker's last words, characters. */
const wordsAtMost = 600

/** Takes one machine from nothing to a worker that is ready to build. Rejects with what went wrong. */
export async function prepareWorker(
  steps: MachineSteps,
  instructions: RunInstructions,
  session: Preparation,
): Promise<ReadyMachine> {
  const { stop, unlessStopped } = session
  const tell: StepTeller = (detail, progress) => session.step('preparing', detail, progress)
  session.step('connecting', '')
  const status = await unlessStopped(steps.probe(stop))
  // Later on, what it is busy with may be this run's own builds.
  const hasPassed = session.wasAccepted && status.facts !== null
  if (status.state === 'unavailable' && !hasPassed) throw refusalOf(status)
  const { archs } = steps.toolchains()
  if (archs.size === 0) throw new Refusal('no compiler that this run could use')
  const provision = withinStall(
    'bringing the worker there',
    transferMs,
    stop,
    tell,
    steps.provision,
  )
  const start = orThrow(await unlessStopped(provision))
  const push = withinStall('sending the source', transferMs, stop, tell, (heard, signal) =>
    steps.pushSource(start, heard, signal),
  )
  const pushing = unlessStopped(push).then(orThrow)
  if (start.isBuildman) await pushing
  // Ours starts while the source is on its way; it asks for commits only later.
  tell('starting the worker')
  const [pushed, started] = await Promise.allSettled([pushing, startWorker(steps, start, session)])
  orRethrow(pushed)
  const { link, worker } = orRethrow(started)
  await greet(link, worker, start)
  if (link.has('setup')) await takeFolder(link, worker, instructions, session)
  const slots = await introduce(link, archs, instructions, tell)
  return { slots, archs: new Set(archs.keys()), link, status, workDir: start.workDir }
}

async function startWorker(
  steps: MachineSteps,
  start: WorkerStart,
  session: Preparation,
): Promise<{ link: WorkerLink; worker: StartedWorker }> {
  const starting = steps.startWorker(start, session.cut)
  // One that comes too late is sent away: nobody else knows of it.
  starting.then((pipe) => session.stop.aborted && pipe.close()).catch(() => {})
  const pipe = await session.unlessStopped(starting)
  const worker: StartedWorker = { pipe, folder: start.workDir, pid: 0 }
  return { link: openLink(pipe, worker, session), worker }
}

/** Work trees are counted here: nobody else is told of them. */
function openLink(pipe: WorkerPipe, worker: StartedWorker, session: Preparation): WorkerLink {
  const trees = { done: 0, total: 0 }
  const tellTrees = () => session.step('preparing', 'making work trees', { ...trees })
  const link = new WorkerLink(pipe, {
    message: (message) => {
      if (message.resp === 'build_started') {
        // Told once: what a worker says more than that, nobody asked for.
        if (trees.total > 0) return
        trees.total = message.num_threads
        tellTrees()
      } else if (message.resp === 'worktree_created') {
        if (trees.done >= trees.total) return
        trees.done += 1
        tellTrees()
      } else session.message(message)
    },
    diagnostics: session.diagnostics,
  })
  session.opened(link, worker)
  return link
}

/** Waits until it is ready; one that ends before tells why in its own words. */
async function greet(link: WorkerLink, worker: StartedWorker, start: WorkerStart): Promise<void> {
  let ready: ReadyMessage
  try {
    ready = await link.ready
  } catch (error) {
    if (!(error instanceof WorkerEnded) || !error.isGone) throw error
    const words = link.lastWords(wordsAtMost)
    const story = words === '' ? error.message : `${error.message}: ${words}`
    // The same program would end in the same way; ours may have met with a full machine.
    throw start.isBuildman ? new Refusal(story) : new WorkerError(story)
  }
  worker.pid = ready.pid ?? 0
  const { protocol = PROTOCOL_VERSION } = ready
  if (protocol === PROTOCOL_VERSION) return
  throw new Refusal(
    `its worker speaks version ${protocol} of the protocol, and this program version ${PROTOCOL_VERSION}: use the same Slipway on both sides`,
  )
}

async function takeFolder(
  link: WorkerLink,
  worker: StartedWorker,
  { boss, runId }: RunInstructions,
  session: Preparation,
): Promise<void> {
  const { folder } = worker
  const hello = { cmd: 'setup', work_dir: folder, boss, run_id: runId } as const
  const setUp = () => link.request(hello, 'setup_done', answerMs)
  try {
    await setUp()
  } catch (error) {
    const isBusy = error instanceof WorkerError && error.code === 'busy'
    if (!isBusy || !(await session.freeFolder(folder, worker))) throw error
    await setUp()
  }
  session.forgetOthers(folder, worker)
}

/** Configuration and work trees; resolves with the number of slots. */
async function introduce(
  link: WorkerLink,
  archs: ToolchainChoice['archs'],
  instructions: RunInstructions,
  tell: StepTeller,
): Promise<number> {
  const ready = await link.ready
  const toolchains = Object.fromEntries(Array.from(archs, ([arch, { gcc }]) => [arch, gcc]))
  const isNear = instructions.sharesCache && (await isQuick(link))
  const words = wordsFor(instructions, ready.features, isNear)
  const configure = { cmd: 'configure', toolchains, ...words.configure } as const
  await link.request(configure, 'configure_done', answerMs)
  const slots = instructions.maxBoards || ready.slots
  tell('making work trees')
  const { commits } = instructions
  const prepare = { cmd: 'build_prepare', commits, max_boards: slots, ...words.prepare } as const
  await link.request(prepare, 'build_prepare_done', workTreeMs)
  return slots
}

/** A compile takes a tenth of a second: a question that takes a fifth of that pays. */
const nearMs = 20
const questions = 6

/** Whether a shared cache is worth asking; the best of a few tries, since a busy computer answers late. */
async function isQuick(link: WorkerLink): Promise<boolean> {
  if (!link.has('shared_cache') || !link.has('ping')) return false
  for (let question = 0; question < questions; question += 1) {
    const start = performance.now()
    await link.request({ cmd: 'ping', seq: 0 }, 'pong', answerMs)
    if (performance.now() - start <= nearMs) return true
  }
  return false
}

function orRethrow<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}
