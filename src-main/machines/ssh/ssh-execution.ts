import { PassThrough } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { type MarkedCommand, stdinAfterBegin } from '../transport/sentinel.ts'
import { settled } from '../transport/settled.ts'
import type { Execution, ExitStatus } from '../transport/transport.ts'

/** What a channel's session is to the rest of the code. `lost`: see SshConnection. */
export function channelExecution(
  channel: ClientChannel,
  marked: MarkedCommand,
  lost: Promise<string>,
  signal: AbortSignal | undefined,
): Execution {
  const { clean, started } = marked
  // A stream of ours, since ssh2's own tells nobody when it is destroyed.
  const stderr = channel.stderr.pipe(new PassThrough())
  let exit: ExitStatus | undefined
  channel.once('exit', (code: number | null, name?: string) => {
    exit = code === null ? { kind: 'signal', signal: name ?? '' } : { kind: 'exit', code }
  })
  channel.pipe(clean)
  // Unread data would keep the channel open for ever, and with it its place among MaxSessions.
  clean.once('close', () => channel.resume())
  stderr.once('close', () => channel.stderr.resume())

  const stdin = stdinAfterBegin(channel, marked, (allWritten) => {
    if (!allWritten) channel.close()
  })
  channel.on('error', () => {}) // its end tells why
  const closed = new Promise<void>((resolve) => {
    channel.once('close', () => resolve())
  })
  void closed.then(() => stdin.destroy())
  const drained = Promise.all([closed, settled(clean), settled(stderr)])
  // A channel that closes without an exit status was cut off, whatever came before.
  const ended = drained.then(
    async (): Promise<ExitStatus> => exit ?? { kind: 'lost', reason: await whyCutOff(lost) },
  )

  const cancelled = new Promise<ExitStatus>((resolve) => {
    const cancel = () => {
      channel.close()
      stdin.destroy()
      clean.destroy()
      stderr.destroy()
      resolve({ kind: 'lost', reason: 'cancelled' })
    }
    signal?.addEventListener('abort', cancel, { once: true })
    void ended.then(() => signal?.removeEventListener('abort', cancel))
    if (signal?.aborted) cancel()
  })
  return { stdin, stdout: clean, stderr, started, ended: Promise.race([cancelled, ended]) }
}

/** The connection says why it ended, unless it still lives and only this session went. */
async function whyCutOff(lost: Promise<string>): Promise<string> {
  const soon = new Promise<string>((resolve) => {
    setTimeout(resolve, 100, 'the machine closed the session without an exit status').unref()
  })
  return Promise.race([lost, soon])
}
