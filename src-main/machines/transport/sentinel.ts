import { randomBytes } from 'node:crypto'
import { Transform } from 'node:stream'
import { forAnyShell } from './shell-quote.ts'

/** A command whose own output can be told from what login scripts print before it. */
export type MarkedCommand = {
  /** For the login shell of the machine, whatever it is. */
  readonly command: string
  /** Pipe stdout through it: what comes out is the command's own. */
  readonly clean: Transform
  /** True once the command itself began, that is, when login scripts are through. */
  started(): boolean
}

/** Login scripts may print anything, even without a line's end; the mark is theirs to end with. */
export function markCommand(script: string): MarkedCommand {
  const mark = `slipway-${randomBytes(8).toString('hex')}`
  const sentinel = afterMark(`${mark}\n`)
  return {
    command: forAnyShell(`echo ${mark}; ${script}`),
    clean: sentinel.stream,
    started: sentinel.seen,
  }
}

/** Drops everything up to and including the first `mark`, however it is cut into chunks. */
export function afterMark(mark: string): { readonly stream: Transform; seen(): boolean } {
  const wanted = Buffer.from(mark)
  // Never more than a mark's length: a banner of any size passes through without being kept.
  let tail = Buffer.alloc(0)
  let seen = false
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
      tail = Buffer.alloc(0)
      const rest = text.subarray(at + wanted.length)
      return rest.length > 0 ? done(null, rest) : done()
    },
  })
  return { stream, seen: () => seen }
}
