import { Duplex, type Readable, type Writable } from 'node:stream'

export type JoinedStreams = {
  readonly stream: Duplex
  /** The other end is gone: what it said is still read, then `stream` ends; with `error` at once. */
  over(error?: Error): void
}

/**
 * One stream out of two. Once it is destroyed it is closed, whether or not the other end has a word
 * to say to that: `release` lets go of the two.
 */
export function joinStreams(
  readable: Readable,
  writable: Writable,
  release: () => void,
): JoinedStreams {
  const stream = new Duplex({
    read: () => void readable.resume(),
    write: (chunk, _encoding, done) => void writable.write(chunk, done),
    final: (done) => void writable.end(done),
    destroy(error, done) {
      release()
      done(error)
    },
  })
  readable.on('data', (chunk) => {
    if (!stream.push(chunk)) readable.pause()
  })
  return {
    stream,
    over(error) {
      if (error) return void stream.destroy(error)
      stream.push(null)
      stream.once('end', () => stream.destroy())
    },
  }
}
