import { LOCAL, type MachineConfig, type MachineFacts } from '../../../src-core/model.ts'
import { pathProblem } from '../../../src-system/make-path.ts'

export type Availability = {
  readonly available: boolean
  /** Why not, in words; empty when it is. */
  readonly reason: string
}

/** Without these a worker can't build, whatever else a machine has. */
const NEEDED_TOOLS = ['make', 'git']

/**
 * Whether a machine should be given work. Thresholds as the reference has them (section 7): load per
 * core above, disk or memory below. This computer's own load is no reason: its user asked for it.
 */
export function availability(
  facts: MachineFacts,
  config: Pick<MachineConfig, 'name' | 'thresholds'>,
): Availability {
  const { maxLoadPerCore, minDiskMb, minMemoryMb } = config.thresholds
  const reasons: string[] = []
  const badPath = pathProblem(facts.buildsIn)
  if (badPath !== '') reasons.push(badPath)
  const missing = NEEDED_TOOLS.filter((tool) => facts.tools[tool] === undefined)
  if (missing.length > 0) reasons.push(`no ${missing.join(' and no ')} on its PATH`)
  if (config.name !== LOCAL && facts.load1m / facts.cores > maxLoadPerCore) {
    const load = (facts.load1m / facts.cores).toFixed(2)
    reasons.push(`busy: load ${load} per core, more than ${maxLoadPerCore}`)
  }
  if (facts.diskAvailableMb < minDiskMb) {
    reasons.push(`low disk: ${facts.diskAvailableMb} MB free, ${minDiskMb} MB needed`)
  }
  if (facts.memAvailableMb < minMemoryMb) {
    reasons.push(`low memory: ${facts.memAvailableMb} MB free, ${minMemoryMb} MB needed`)
  }
  return { available: reasons.length === 0, reason: reasons.join('; ') }
}

/** Boards at once: `max_boards`, or one a thread. */
export function slotsOf(
  facts: Pick<MachineFacts, 'threads'>,
  config: Pick<MachineConfig, 'maxBoards'>,
): number {
  return config.maxBoards > 0 ? config.maxBoards : facts.threads
}
