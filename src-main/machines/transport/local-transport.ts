import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { LOCAL } from '../../../src-core/model.ts'
import { processId } from '../../../src-system/process-id.ts'
import { settled } from './settled.ts'
import { type Execution, type ExitStatus, type Transport, TransportError } from './transport.ts'

/** Groups of processes of commands under way. */
const groups = new Set<number>()
// However this program ends, none of them outlives it: one that is stopped never sees its input end.
process.on('exit', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL')
})

/** This computer behind the same interface as the others: each command is a child process. */
export function localTransport(): Transport {
  const running = new Set<() => void>()
  let closed = false
  return {
    machine: LOCAL,
    async exec(command, options = {}) {
      options.signal?.throwIfAborted()
      if (closed) throw new TransportError(LOCAL, 'lost', 'local: the transport was closed')
      const child = spawn('/bin/sh', ['-c', command], { detached: true })
      await once(child, 'spawn').catch((error: Error) => {
        throw new TransportError(LOCAL, 'unreachable', `local: ${error.message}`, '', error)
      })
      const { pid = 0 } = child
      groups.add(pid)
      child.once('exit', () => groups.delete(pid))
      const { execution, stop } = follow(child, pid, options.signal)
      running.add(stop)
      void execution.ended.then(() => running.delete(stop))
      return execution
    },
    async close() {
      closed = true
      for (const stop of running) stop()
    },
  }
}

type Pipes = { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable }

/** `stop` does what the end of a connection does: stdin ends, and nobody waits any longer. */
function follow(child: ChildProcess, group: number, signal: AbortSignal | undefined) {
  const { stdin, stdout, stderr } = child as ChildProcess & Pipes
  const { promise: lost, resolve: tellLost } = deferred<ExitStatus>()
  const stop = (reason: string) => {
    for (const stream of [stdin, stdout, stderr]) stream.destroy()
    signalGroup(group, 'SIGTERM')
    tellLost({ kind: 'lost', reason })
  }
  const cancel = () => stop('cancelled')
  signal?.addEventListener('abort', cancel, { once: true })
  if (signal?.aborted) cancel()
  // Writing to a process that is gone shows in its exit status, not as a crash here.
  stdin.on('error', () => {})
  const exit = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, name) => resolve(exitStatus(code, name)))
  })
  child.on('error', () => {}) // a signal that could not be sent
  const exited = Promise.all([exit, settled(stdout), settled(stderr)])
  const ended = Promise.race([lost, exited.then(([status]) => status)])
  void ended.then(() => signal?.removeEventListener('abort', cancel))
  const kill = () => {
    if (groups.has(group)) signalGroup(group, 'SIGKILL')
  }
  const execution: Execution = { stdin, stdout, stderr, ended, kill }
  return { execution, stop: () => stop('the transport was closed') }
}

/** The shell's children, too: a session of its own makes them one group. */
function signalGroup(group: number, signal: NodeJS.Signals): void {
  if (group === 0) return
  try {
    process.kill(-processId(group), signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  return signal === null ? { kind: 'exit', code: code ?? 0 } : { kind: 'signal', signal }
}
