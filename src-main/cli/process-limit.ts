import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type FileLock, takeLock } from '../../src-system/file-lock.ts'
import { makeFolder } from '../make-folder.ts'

/** How often the places are looked at, milliseconds. Whoever leaves one tells nobody. */
const LOOK_MS = 1000

export type ProcessLimit = {
  /** Runs at once; 0 for any number. */
  readonly limit: number
  readonly stateDir: string
  readonly signal: AbortSignal
  /** Called once if there is something to wait for. */
  readonly onWait: (text: string) => void
}

/**
 * Waits for one of the first `limit` places for runs on this computer (`--process-limit`), so that no more
 * of those that ask for as many go on at once. Gives what frees the place. Rejects when `signal` aborts.
 */
export async function waitForPlace(options: ProcessLimit): Promise<() => Promise<void>> {
  const { limit, stateDir, signal, onWait } = options
  if (limit === 0) return async () => {}
  // Computers may share a home.
  const folder = join(stateDir, 'running', hostname())
  await makeFolder(folder)
  for (let waited = false; ; waited = true) {
    const lock = await takeAnyPlace(folder, limit)
    if (lock) {
      lock.keep(() => {}) // Who took it over believes this run dead: it goes on all the same.
      return () => lock.release()
    }
    if (!waited) onWait(`waiting for one of ${limit} other runs to end (--process-limit)`)
    await delay(LOOK_MS, undefined, { signal })
  }
}

async function takeAnyPlace(folder: string, limit: number): Promise<FileLock | null> {
  for (let place = 1; place <= limit; place += 1) {
    const purpose = { boss: '', run_id: '', work_dir: folder }
    const answer = await takeLock(join(folder, `${place}.lock`), purpose)
    if ('lock' in answer) return answer.lock
  }
  return null
}
