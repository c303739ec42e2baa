import { hearLines } from '../../machines/transport/hear-lines.ts'
import { describeStatus } from '../../machines/transport/run-command.ts'
import type { Execution } from '../../machines/transport/transport.ts'

/** Bytes to and from one worker, however it was started. */
export type WorkerPipe = {
  write(line: string): void
  /** Each chunk of what the worker says. */
  onData(listener: (chunk: Uint8Array) => void): void
  onDiagnostics(listener: (text: string) => void): void
  /** Lets what the worker says wait on its side for as long as this is on; absent where that can't be. */
  holdBack?(on: boolean): void
  /** Settles when nothing more comes from the worker. */
  readonly ended: Promise<PipeEnd>
  /** Closes the worker's input; it leaves by itself. */
  close(): void
  /** Ends a worker of this computer without asking; what it started ends with it. */
  kill?(): void
}

export type PipeEnd = {
  /** How it ended, in words. */
  readonly reason: string
  /** The worker is known to be gone. False where only the way to it is. */
  readonly isGone: boolean
  /** Absent where another worker of that machine may do better. */
  readonly code?: 'nonsense'
}

/** To a worker that runs at the other end of a transport. */
export function executionPipe({ stdin, stdout, stderr, ended, kill }: Execution): WorkerPipe {
  return {
    ...(kill && { kill }),
    write: (line) => void stdin.write(line),
    onData: (listener) => void stdout.on('data', listener),
    holdBack: (on) => void (on ? stdout.pause() : stdout.resume()),
    onDiagnostics: (listener) => hearLines(stderr, listener),
    ended: ended.then((status) =>
      status.kind === 'lost'
        ? { reason: status.reason, isGone: false }
        : { reason: `the worker ${describeStatus(status)}`, isGone: true },
    ),
    close: () => void stdin.end(),
  }
}
