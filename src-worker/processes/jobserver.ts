/**
 * GNU make's job server for all makes of this worker: one FIFO holds a byte for each thread; a job runs
 * for each byte that somebody took. It is opened read-write, so that it neither blocks at opening nor
 * ends when a make does, and each make inherits it as descriptors 3 and 4. From 4.4 on make takes the name
 * of a FIFO, too, but older ones fail over it, and a machine may have both: the compilers' folder
 * comes first in PATH, and a tree's scripts may call whatever make they like.
 */
import { closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs'
import type { Environment } from '../tools/environment.ts'
import type { Children } from './children.ts'

export type Jobserver = {
  readonly makeFlags: string
  /** To be inherited as 3 and 4. */
  readonly fds: readonly [number, number]
  /**
   * Takes the token that every make is assumed to hold for its first job; resolves with the way to
   * give it back (once; more is harmless). Served in the order of asking.
   */
  readonly take: () => Promise<() => void>
  /** Tokens that nobody holds at the moment; for tests and load figures. */
  readonly countFree: () => number
  readonly close: () => void
}

/** How often to look for a token that a running make gave back; make has no way to tell us. */
const LOOK_MS = 10

export type JobserverOptions = {
  readonly path: string
  readonly threads: number
  readonly env: Environment
}

/** Makes the FIFO and fills it. Throws where that can't be done, with the reason. */
export async function createJobserver(
  children: Children,
  { path, threads, env }: JobserverOptions,
): Promise<Jobserver> {
  rmSync(path, { force: true })
  const made = await children.capture(['mkfifo', '-m', '600', path], { cwd: '/', env })
  if (made.code !== 0) throw new Error(`mkfifo ${path}: ${made.stderr.trim()}`)
  const fds = [openSync(path, constants.O_RDWR), openSync(path, constants.O_RDWR)] as const
  const own = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const one = Buffer.from('+')
  const waiting: ((release: () => void) => void)[] = []
  let held = 0
  let timer: NodeJS.Timeout | undefined

  const readToken = (): boolean => {
    try {
      return readSync(own, Buffer.alloc(1), 0, 1, null) === 1
    } catch {
      return false
    }
  }
  const drain = () => {
    let count = 0
    while (readToken()) count += 1
    return count
  }
  const fill = (count: number) => {
    for (let i = 0; i < count; i += 1) writeSync(own, one)
  }
  const giveBack = () => {
    held -= 1
    // While no make runs the count is known for sure: what killed makes took along comes back here.
    if (held === 0) {
      drain()
      fill(threads)
    } else fill(1)
    serve()
  }
  const grant = (resolve: (release: () => void) => void) => {
    held += 1
    let given = false
    resolve(() => {
      if (given) return
      given = true
      giveBack()
    })
  }
  const serve = () => {
    while (waiting.length > 0 && readToken()) {
      const next = waiting.shift()
      if (next) grant(next)
    }
    if (waiting.length === 0) clearInterval(timer)
    timer = waiting.length === 0 ? undefined : (timer ?? setInterval(serve, LOOK_MS))
  }

  fill(threads)
  return {
    makeFlags: ` -j${threads} --jobserver-auth=3,4`,
    fds,
    take: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        serve()
      }),
    countFree() {
      const count = drain()
      fill(count)
      return count
    },
    close() {
      clearInterval(timer)
      for (const fd of [...fds, own]) closeSync(fd)
      rmSync(path, { force: true })
    },
  }
}
