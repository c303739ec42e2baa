/** Whatever was built before: time to bring outputs home. Milliseconds. */
const leastMs = 60_000
const outputsMs = 30_000

/**
 * Milliseconds before the end of its time at which a machine should begin nothing more: as long as a build
 * may take, by the longest so far, but never more than half of its time. Pure.
 */
export function leaveEarlyMs(longestBuildMs: number, timeMs: number): number {
  return Math.min(Math.max(leastMs, longestBuildMs * 1.25 + outputsMs), timeMs / 2)
}
