/**
 * Ends what a worker leaves running when it is killed outright. A shell waits for the end of a pipe from
 * the worker, then finds the worker's children by its cookie.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { WORKER_COOKIE } from './children.ts'

/** $1: cookie. $2: what a lock must contain to be removed. $3: job server's FIFO. Then the lock files. */
const script = `
read -r _
cookie=$1 uuid=$2 fifo=$3
shift 3
for round in 1 2 3 4 5 6 7 8 9 10; do
  pids=$(grep -lsF "$cookie" /proc/[0-9]*/environ | sed 's,[^0-9],,g')
  [ -n "$pids" ] || break
  kill -9 $pids 2>/dev/null
done
for lock in "$@"; do
  grep -qsF "$uuid" "$lock" && rm -f "$lock"
done
rm -f "$fifo"
`

export type ReaperOptions = {
  readonly uuid: string
  readonly lockPaths: readonly string[]
  readonly fifoPath: string
}

/** Starts it in a session of its own and without the cookie. It ends when the worker does. */
export function startOrphanReaper({ uuid, lockPaths, fifoPath }: ReaperOptions): ChildProcess {
  const reaper = spawn(
    '/bin/sh',
    ['-c', script, 'slipway-reaper', `${WORKER_COOKIE}=${uuid}`, uuid, fifoPath, ...lockPaths],
    { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  reaper.on('error', () => {})
  reaper.stdin?.on('error', () => {})
  reaper.unref()
  return reaper
}
