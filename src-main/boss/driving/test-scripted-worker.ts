import { deferred } from '../../../src-core/basics/deferred.ts'
import type { MachineFacts } from '../../../src-core/model.ts'
import { ok } from '../../../src-core/result.ts'
import { testConfig, testStatus } from '../../../src-core/test-machine.ts'
import { encodeWorkerLine } from '../../../src-worker/protocol/json-lines.ts'
import type { BossMessageInput } from '../../../src-worker/protocol/protocol.ts'
import type { MachineSteps } from '../machine-steps.ts'
import type { RunInstructions } from '../steps/run-instructions.ts'
import type { PipeEnd, WorkerPipe } from '../worker-link/worker-pipe.ts'

export const instructions: RunInstructions = {
  runId: 'run-1',
  boss: 'anna@desk',
  settings: {},
  makeFlags: {},
  blobs: { commit: '', variables: {} },
  commits: [],
  maxBoards: 1,
  sharesCache: false,
  boardsExpected: 1,
}
const facts = {} as MachineFacts
export const available = testStatus('m1', {
  config: testConfig('m1', { maxBoards: 1 }),
  facts,
  slots: 1,
})
const gcc = { arch: 'arm', gcc: '/bin/gcc', prefix: '', version: '', triple: '' }
/** Of a machine on which all goes well. */
export const steps: MachineSteps = {
  probe: async () => available,
  toolchains: () => ({ archs: new Map([['arm', gcc]]), leftOut: [] }),
  provision: async () => ok({ command: '', workDir: '/tmp' }),
  pushSource: async () => ok(undefined),
  startWorker: async () => scriptedWorker(),
  endWorker: async () => ok(undefined),
}

type Say = (message: object) => void
type Scripted = WorkerPipe & { readonly closed: Promise<void>; end(reason: string): void }

/** A worker that obeys at once, but for what `answer` sees to itself (by returning true). */
export function scriptedWorker(
  answer: (cmd: BossMessageInput['cmd'], say: Say, end: (reason: string) => void) => boolean = () =>
    false,
  greeting: object = {},
): Scripted {
  const { promise: closed, resolve: close } = deferred<void>()
  const { promise: ended, resolve } = deferred<PipeEnd>()
  const end = (reason: string) => resolve({ reason, isGone: true })
  let hear = (_chunk: Uint8Array) => {}
  const say: Say = (message) => hear(Buffer.from(encodeWorkerLine(message)))
  const replies: Partial<Record<BossMessageInput['cmd'], object>> = {
    setup: { resp: 'setup_done', work_dir: '', git_dir: '' },
    configure: { resp: 'configure_done' },
    build_prepare: { resp: 'build_prepare_done' },
    quit: { resp: 'quit_ack' },
  }
  return {
    write(line) {
      const { cmd } = JSON.parse(line) as BossMessageInput
      const reply = replies[cmd]
      queueMicrotask(() => {
        if (!answer(cmd, say, end) && reply) say(reply)
      })
    },
    onData(listener) {
      hear = listener
      queueMicrotask(() =>
        say({ resp: 'ready', nthreads: 1, slots: 1, features: ['setup'], pid: 7, ...greeting }),
      )
    },
    onDiagnostics() {},
    ended,
    close,
    closed,
    end,
  }
}
