import { Transform } from 'node:stream'
import type { ExitStatus } from '../transport/transport.ts'

/** What follows the mark: an exit status and a line's end, which a terminal makes two characters. */
const longestStatus = 5

/**
 * Lets through what comes before `mark`, and ends there: what lacks the mark was cut off on its way. Only
 * what may be the beginning of the mark is held back, so that each line passes when it comes. `status` is
 * what stands behind the mark; null as long as it has not come, or came damaged.
 */
export function beforeMark(mark: string) {
  const wanted = Buffer.from(mark)
  let held = Buffer.alloc(0)
  let status: ExitStatus | null = null
  let over = false
  const stream = new Transform({
    highWaterMark: 1 << 20,
    transform(chunk: Buffer, _encoding, done) {
      if (over) return done()
      const text = Buffer.concat([held, chunk])
      const at = text.indexOf(wanted)
      const passing = at < 0 ? text.length - beginningLength(text, wanted) : at
      if (passing > 0) this.push(text.subarray(0, passing))
      held = Buffer.from(text.subarray(passing))
      if (at >= 0 && isWhole(held, wanted)) {
        status = statusIn(held.subarray(wanted.length))
        over = true
        this.push(null)
      }
      done()
    },
    flush(done) {
      if (!over) this.push(held)
      done()
    },
  })
  // Its input goes on after the mark, and is nothing to wait for.
  stream.once('end', () => stream.destroy())
  return { stream, status: () => status }
}

/** How many bytes at the end of `text` may be the beginning of `mark`. */
function beginningLength(text: Buffer, mark: Buffer): number {
  const most = Math.min(text.length, mark.length - 1)
  for (let length = most; length > 0; length -= 1) {
    if (text.subarray(text.length - length).equals(mark.subarray(0, length))) return length
  }
  return 0
}

function isWhole(held: Buffer, mark: Buffer): boolean {
  return held.includes('\n', mark.length) || held.length >= mark.length + longestStatus
}

function statusIn(text: Buffer): ExitStatus | null {
  const digits = /^(\d{1,3})\r?\n/.exec(text.toString('latin1'))?.[1]
  return digits === undefined ? null : { kind: 'exit', code: Number(digits) }
}
