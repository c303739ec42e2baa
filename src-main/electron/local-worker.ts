import { Readable } from 'node:stream'
import { utilityProcess } from 'electron'
import { processId } from '../../src-system/process-id.ts'
import type { PipeEnd, WorkerPipe } from '../boss/worker-link/worker-pipe.ts'
import { hearLines } from '../machines/transport/hear-lines.ts'

/**
 * Starts this computer's worker as a utility process: a packaged app can't be Node. Its lines
 * travel over its port, one a message; what it prints is diagnostics.
 */
export function startWorkerProcess(workerFile: string): Promise<WorkerPipe> {
  const child = utilityProcess.fork(workerFile, ['--worker'], {
    stdio: 'pipe',
    serviceName: 'Slipway worker',
  })
  const ended = new Promise<PipeEnd>((resolve) => {
    child.once('exit', (code) =>
      resolve({ reason: `the worker ended with status ${code}`, isGone: true }),
    )
  })
  const pipe: WorkerPipe = {
    write: (line) => child.postMessage(line),
    onData: (listener) => {
      child.on('message', (line: unknown) => {
        if (typeof line === 'string') listener(Buffer.from(line))
      })
    },
    onDiagnostics: (listener) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream instanceof Readable) hearLines(stream, listener)
      }
    },
    ended,
    // It has no stdin to close: the signal has the same meaning to it.
    close: () => void child.kill(),
    // Known as long as it lives.
    kill: () => child.pid !== undefined && process.kill(processId(child.pid), 'SIGKILL'),
  }
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(pipe))
    // One that can't be started ends at once; whoever waits for `ready` hears why.
    void ended.then(() => resolve(pipe))
  })
}
