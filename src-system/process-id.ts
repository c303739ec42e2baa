const largest = 2 ** 31

/**
 * The id of one process that may be signalled, as it was found. Throws for everything else: 0 is the
 * own process group, a negative number a whole group or all processes, 1 the computer's first process.
 */
export function processId(found: unknown): number {
  if (Number.isInteger(found) && Number(found) > 1 && Number(found) < largest) return Number(found)
  throw new RangeError(`${String(found)} is no process that may be signalled`)
}
