/**
 * A worker that is killed outright can't end its children any more. A shell that does nothing but wait for
 * the end of a pipe does it in its place: it finds them by the worker's cookie.
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

export type GuardedWorker = {
  readonly uuid: string
  readonly lockPaths: readonly string[]
  readonly fifoPath: string
}

/** Starts it, in a session of its own and without the cookie. It ends with us, one way or another. */
export function startGuardian({ uuid, lockPaths, fifoPath }: GuardedWorker): ChildProcess {
  const guardian = spawn(
    '/bin/sh',
    ['-c', script, 'slipway-guardian', `${WORKER_COOKIE}=${uuid}`, uuid, fifoPath, ...lockPaths],
    { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  guardian.on('error', () => {})
  guardian.stdin?.on('error', () => {})
  guardian.unref()
  return guardian
}
