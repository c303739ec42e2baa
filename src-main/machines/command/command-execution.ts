import { randomBytes } from 'node:crypto'
import { PassThrough, type Readable, Transform } from 'node:stream'
import { lastWords } from '../transport/last-words.ts'
import { afterMark, stdinAfterBegin } from '../transport/sentinel.ts'
import { settled } from '../transport/settled.ts'
import type { Execution, ExitStatus } from '../transport/transport.ts'
import { beforeMark } from './end-mark.ts'

/** So long the person's command may take to leave once what it ran has ended. */
const leaveMs = 1000

/**
 * Runs `command` in the shell that `carrier` has started on a machine, and that is waiting for input. What
 * carries bytes there is not trusted with ends: some cut output off and say that all is well, some can't
 * tell that the input is over, and some have no status. So the input travels in pieces that say their
 * length, and the output ends with a mark and the status; output without it is `lost`.
 */
export function executionOver(carrier: Execution, command: string): Execution {
  const mark = `slipway-${randomBytes(8).toString('hex')}`
  const begin = afterMark(`${mark}-begins.`)
  const end = beforeMark(`${mark}-ends `)
  const stderr = new PassThrough({ highWaterMark: 1 << 20 })
  carrier.stdout.pipe(begin.stream).pipe(end.stream)
  end.stream.once('close', () => begin.stream.resume())
  carrier.stderr.pipe(stderr)
  const said = tailOf(carrier.stderr)
  carrier.stdin.write(scriptFor(mark, command))
  const stdin = stdinOver(carrier, begin)
  void settled(end.stream).then(() => letGo(carrier))
  void carrier.ended.then(() => {
    begin.stream.end()
    stderr.end()
    stdin.destroy()
  })
  const ended = Promise.all([carrier.ended, settled(end.stream), settled(stderr)]).then(
    ([status]) => end.status() ?? lostWith(status, begin.seen() ? null : lastWords(said())),
  )
  const kill = () => carrier.kill?.()
  return { stdin, stdout: end.stream, stderr, ended, started: begin.seen, kill }
}

/**
 * One command of the shell, which it reads to its end before it does any of it. A terminal that echoes it
 * does not say the mark. `head -c` would not do for the pieces: busybox's reads more than it is asked for.
 */
function scriptFor(mark: string, command: string): string {
  const piece = 'dd bs="$n" count=1 iflag=fullblock 2>/dev/null'
  const input = `while read -r n && [ "$n" -gt 0 ]; do ${piece} || exit; done`
  const output = `(${command}\n); echo "${mark}-ends $?"`
  return `{ printf %s. ${mark}-begins; { ${input}; } | { ${output}; }; exit; }\n`
}

/** The shell reads ahead: it must find nothing behind our script until it has said that it runs it. */
function stdinOver(carrier: Execution, { seen, begun }: ReturnType<typeof afterMark>) {
  const pieces = inPieces()
  void begun.then(() => pieces.pipe(carrier.stdin, { end: false }))
  return stdinAfterBegin(pieces, { started: seen, begun }, (allWritten) => {
    if (allWritten) return
    pieces.destroy()
    carrier.stdin.end()
  })
}

/** Each piece of the input behind a line with its length; 0 is its end. */
function inPieces(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (chunk.length > 0) this.push(`${chunk.length}\n`)
      done(null, chunk)
    },
    flush(done) {
      done(null, '0\n')
    },
  }).on('error', () => {}) // the end of the execution tells why
}

/** The command has ended, or its output has. */
function letGo({ stdin, ended, kill }: Execution): void {
  stdin.end()
  const timer = setTimeout(() => kill?.(), leaveMs)
  void ended.then(() => clearTimeout(timer))
}

/** `said`: the person's command, where it ran nothing of ours; else null. */
function lostWith(carrier: ExitStatus, said: string | null): ExitStatus {
  if (carrier.kind === 'lost') return carrier
  const how =
    carrier.kind === 'exit' ? `ended with status ${carrier.code}` : `was ended by ${carrier.signal}`
  if (said === null) {
    return { kind: 'lost', reason: `its command ${how} before all output of ours had come` }
  }
  const words = said === '' ? '' : `; it said: ${said}`
  return { kind: 'lost', reason: `its command ${how} and ran none of ours${words}` }
}

/** The end of what has come so far. */
export function tailOf(stream: Readable): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text = `${text}${chunk}`.slice(-4000)
  })
  return () => text
}
