import { randomBytes } from 'node:crypto'

/** Names a run for good: `2026-11-29-214501-3fa0c2`, by UTC, so that names sort by time. */
export function newRunId(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
  return `${stamp}-${randomBytes(3).toString('hex')}`
}
