import { type ChildProcess, spawn } from 'node:child_process'
import { createLineDecoder, encodeBossLine, WORKER_PREFIX } from '../protocol/json-lines.ts'
import {
  type BossMessageInput,
  parseWorkerMessage,
  type WorkerMessage,
} from '../protocol/protocol.ts'

type Resp = WorkerMessage['resp']
export type Of<R extends Resp> = Extract<WorkerMessage, { resp: R }>

/** A worker process with its line, seen from the boss's side. */
export type TestWorker = {
  readonly process: ChildProcess
  readonly messages: readonly WorkerMessage[]
  readonly send: (message: BossMessageInput) => void
  readonly sendRaw: (text: string) => void
  /** The next (or an earlier, not yet taken) message that is one of these and fits. */
  readonly next: <R extends Resp>(resp: R, fits?: (m: Of<R>) => boolean) => Promise<Of<R>>
  /** Lets go of the messages so far. */
  readonly forget: () => void
  /** Exit code or signal. */
  readonly ended: Promise<number | string>
}

export type StartWorker = {
  readonly script: string
  readonly env?: Readonly<Record<string, string>>
  /** Words before the command line, e.g. of a program that measures it. */
  readonly through?: readonly string[]
  /** Node as it is called where the worker runs; this one if left out. */
  readonly node?: string
}

/** Starts the bundled worker as a boss would. */
export function startWorker(options: StartWorker): TestWorker {
  const { script, env = {}, through = [], node = process.execPath } = options
  const [program = '', ...args] = [...through, node, script, '--worker']
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const messages: WorkerMessage[] = []
  const taken = new Set<WorkerMessage>()
  const waiters = new Set<() => void>()
  let said = ''
  const decoder = createLineDecoder(WORKER_PREFIX, (line) => {
    if (line.kind !== 'message') throw new Error(`not a message: ${JSON.stringify(line)}`)
    const parsed = parseWorkerMessage(line.value)
    if (!parsed.ok) throw new Error(parsed.problem)
    messages.push(parsed.message)
    for (const look of waiters) look()
  })
  child.stdout.on('data', (chunk) => decoder.push(chunk))
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  child.stdin.on('error', () => {})
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? ''))
  })

  const next = <R extends Resp>(resp: R, fits: (m: Of<R>) => boolean = () => true) =>
    new Promise<Of<R>>((resolve, reject) => {
      const isIt = (m: WorkerMessage): m is Of<R> =>
        m.resp === resp && !taken.has(m) && fits(m as Of<R>)
      const look = () => {
        const found = messages.find(isIt)
        if (!found) return
        taken.add(found)
        waiters.delete(look)
        resolve(found)
      }
      waiters.add(look)
      look()
      void ended.then((code) => {
        const last = JSON.stringify(messages.slice(-3))
        reject(new Error(`the worker ended (${code}) without '${resp}': ${said}\n${last}`))
      })
    })

  return {
    process: child,
    messages,
    send: (message) => void child.stdin.write(encodeBossLine(message)),
    sendRaw: (text) => void child.stdin.write(text),
    next,
    forget() {
      messages.length = 0
      taken.clear()
    },
    ended,
  }
}
