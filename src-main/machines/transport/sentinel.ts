import { randomBytes } from 'node:crypto'
import { Transform, Writable } from 'node:stream'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { forAnyShell } from './shell-quote.ts'

/** A command whose own output can be told from what login scripts print before it. */
export type MarkedCommand = {
  /** For the login shell of the machine, whatever it is. */
  readonly command: string
  /** Pipe stdout through it: what comes out is the command's own. */
  readonly clean: Transform
  /** True once the command itself began, that is, when login scripts are through. */
  started(): boolean
  /** Resolves once it began; never where login scripts do not get there. */
  readonly begun: Promise<void>
}

/** Login scripts may print anything, even without a line's end; the mark is theirs to end with. */
export function markCommand(script: string): MarkedCommand {
  const mark = `slipway-${randomBytes(8).toString('hex')}`
  const sentinel = afterMark(`${mark}\n`)
  return {
    command: forAnyShell(`echo ${mark}; ${script}`),
    clean: sentinel.stream,
    started: sentinel.seen,
    begun: sentinel.begun,
  }
}

export type AfterMark = {
  readonly stream: Transform
  seen(): boolean
  readonly begun: Promise<void>
}

/** Drops everything up to and including the first `mark`, however it is cut into chunks. */
export function afterMark(mark: string): AfterMark {
  const wanted = Buffer.from(mark)
  // Never more than a mark's length: a banner of any size passes through without being kept.
  let tail = Buffer.alloc(0)
  let seen = false
  const { promise: begun, resolve } = deferred()
  const stream = new Transform({
    highWaterMark: 1 << 20,
    transform(chunk: Buffer, _encoding, done) {
      if (seen) return done(null, chunk)
      const text = Buffer.concat([tail, chunk])
      const at = text.indexOf(wanted)
      if (at < 0) {
        tail = Buffer.from(text.subarray(Math.max(0, text.length - wanted.length + 1)))
        return done()
      }
      seen = true
      resolve()
      tail = Buffer.alloc(0)
      const rest = text.subarray(at + wanted.length)
      return rest.length > 0 ? done(null, rest) : done()
    },
  })
  return { stream, seen: () => seen, begun }
}

/**
 * A command's stdin that sends nothing before the command began: a login script that reads, or
 * starts another shell, would take our first lines for its own. `release` lets go of `target`,
 * which may have forgotten the callbacks of writes under way when a link was lost; ours fail then.
 */
export function stdinAfterBegin(
  target: Writable,
  { started, begun }: Pick<MarkedCommand, 'started' | 'begun'>,
  release: (allWritten: boolean) => void,
): Writable {
  let underWay: ((error?: Error | null) => void) | undefined
  return new Writable({
    highWaterMark: 1 << 20,
    write(chunk, _encoding, done) {
      underWay = done
      const send = () => {
        if (underWay !== done) return
        target.write(chunk, (error) => {
          underWay = undefined
          done(error)
        })
      }
      if (started()) send()
      else void begun.then(send)
    },
    final(done) {
      target.end()
      done()
    },
    destroy(error, done) {
      const failed = underWay
      underWay = undefined
      failed?.(new Error('the session ended'))
      release(this.writableFinished)
      done(error)
    },
  }).on('error', () => {}) // the end of the execution tells why
}
