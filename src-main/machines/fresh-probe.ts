import type { MachineStatus } from '../../src-core/model.ts'
import type { Fleet } from './fleet.ts'

/** Milliseconds for which the answer of a probe is taken as still true. */
const freshMs = 60_000

/** A machine that did not answer is always worth asking again. */
function isStale({ facts, probedAt }: MachineStatus): boolean {
  return facts === null || Date.now() - probedAt > freshMs
}

/**
 * Asks those of the machines whose last answer is old, all at once; resolves when each has answered.
 * A run should begin soon: what their compilers say of themselves need not be heard anew.
 */
export function probeStale(
  fleet: Pick<Fleet, 'statuses' | 'probe'>,
  names: Iterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  const wanted = new Set(names)
  const stale = fleet.statuses().filter((one) => wanted.has(one.config.name) && isStale(one))
  return fleet.probe(
    stale.map(({ config }) => config.name),
    signal,
    true,
  )
}

/**
 * What a machine is, for its session: the first time the answer may be a minute old, or one that
 * somebody else waits for already; after that the machine was lost, and is asked anew.
 */
export function createStatusOf(fleet: Pick<Fleet, 'statuses' | 'probe'>, machine: string) {
  let asked = false
  return async (signal: AbortSignal): Promise<MachineStatus> => {
    if (asked) await fleet.probe([machine], signal)
    else await probeStale(fleet, [machine], signal)
    asked = true
    const status = fleet.statuses().find(({ config }) => config.name === machine)
    if (!status) throw new Error(`${machine} is not configured any more`)
    return status
  }
}
