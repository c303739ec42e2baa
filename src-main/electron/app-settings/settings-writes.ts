import { setTimeout } from 'node:timers/promises'
import type { AppSettings } from '../../../src-core/schemas.ts'

/** Writes settings one after another, the newest last, and says when none is under way any more. */
export function settingsWrites(write: (settings: AppSettings) => Promise<void>) {
  let last: Promise<void> = Promise.resolve()
  return {
    /** @throws where the disk refuses */
    add(settings: AppSettings): Promise<void> {
      const mine = last.then(() => write(settings))
      last = mine.catch(() => {})
      return mine
    },
    /** Waits until all that was added is written; on a disk that hangs no longer than `limitMs`. */
    async ended(limitMs: number): Promise<void> {
      const giveUp = new AbortController()
      const late = setTimeout(limitMs, undefined, { signal: giveUp.signal }).catch(() => {})
      await Promise.race([last, late])
      giveUp.abort()
    },
  }
}
