import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type FileLock, takeLock } from '../../src-system/file-lock.ts'

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
 * Waits until fewer than `limit` runs that were started with a limit go on here (`--process-limit`).
 * Gives what ends this run's claim. Rejects when `signal` aborts.
 */
export async function waitForPlace(options: ProcessLimit): Promise<() => Promise<void>> {
  const { limit, stateDir, signal, onWait } = options
  if (limit === 0) return async () => {}
  const folder = join(stateDir, 'running')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (let waited = false; ; waited = true) {
    const lock = await takeAnyPlace(folder, limit)
    if (lock) return () => lock.release()
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
