import {
  LOCAL,
  type MachineConfig,
  type MachineFacts,
  type MachineStatus,
  type Toolchain,
} from '../../../src-core/model.ts'
import { problemText, type Result } from '../../../src-core/result.ts'
import { oneLine, withoutName } from '../../error-text.ts'
import type { ToolchainChoice } from '../toolchains/choose-toolchain.ts'
import { availability, slotsOf } from './availability.ts'
import type { ProbeReply } from './parse-probe.ts'

/** Tools of the machine itself that take part in a build; other versions may give other results. */
const HOST_TOOLS = ['dtc', 'swig', 'python']

/** Beyond this a machine's files look as if they came from the future, or the past. */
const CLOCK_TOLERANCE_MS = 5_000

/** Names that Debian gives gcc for old C standards; no board has such an architecture. */
const NOT_ARCHITECTURES = ['c89', 'c99']

/** A machine before its first probe. */
export function unknownStatus(
  config: MachineConfig,
  state: 'unknown' | 'probing' = 'unknown',
): MachineStatus {
  return {
    config,
    state,
    reason: '',
    facts: null,
    toolchains: [],
    leftOut: [],
    notes: [],
    slots: config.maxBoards,
    probedAt: 0,
  }
}

/**
 * A machine as the window and `--mach` show it, from its probe and the choice of its toolchains.
 * `bossTools` are the versions of this computer's tools; `probedAt` is in milliseconds.
 */
export function machineStatus(options: {
  readonly config: MachineConfig
  readonly reply: Result<ProbeReply>
  readonly choice: ToolchainChoice
  readonly bossTools: MachineFacts['tools']
  readonly probedAt: number
}): MachineStatus {
  const { config, reply, choice, bossTools, probedAt } = options
  if (!reply.ok) {
    const what = withoutName(reply.problem.what, config.name)
    const reason = oneLine(problemText({ ...reply.problem, what }))
    return { ...unknownStatus(config), state: 'unavailable', reason, probedAt }
  }
  const { facts } = reply.value
  const { available, reason } = availability(facts, config)
  return {
    config,
    state: available ? 'available' : 'unavailable',
    reason,
    facts,
    toolchains: shownToolchains(choice),
    leftOut: choice.leftOut.filter(({ arch }) => !NOT_ARCHITECTURES.includes(arch)),
    notes:
      config.name === LOCAL
        ? []
        : [
            ...silentNotes(reply.value.silent),
            ...hostToolNotes(facts, bossTools),
            ...clockNotes(facts),
          ],
    slots: slotsOf(facts, config),
    probedAt,
  }
}

/** One a board architecture: what an alias stands for bears the name that boards ask for. */
function shownToolchains({ archs }: ToolchainChoice): Toolchain[] {
  return [...archs]
    .filter(([arch]) => !NOT_ARCHITECTURES.includes(arch))
    .map(([arch, toolchain]) => ({ ...toolchain, arch }))
}

/** Which host tools differ from the boss's, in words. */
export function hostToolNotes(facts: MachineFacts, bossTools: MachineFacts['tools']): string[] {
  return HOST_TOOLS.flatMap((tool) => {
    const [here, there] = [bossTools[tool], facts.tools[tool]]
    if (here === there || here === undefined) return []
    return there === undefined
      ? [`no ${tool} there, ${here} on ${LOCAL}`]
      : [`${tool} ${there} there, ${here} on ${LOCAL}`]
  })
}

/** Named one by one; of others only how many there are. */
const mostSilent = 3

function silentNotes(silent: readonly string[]): string[] {
  if (silent.length === 0) return []
  const named = silent.slice(0, mostSilent).join(', ')
  const more = silent.length > mostSilent ? ` and ${silent.length - mostSilent} more` : ''
  return [`no answer in time from ${named}${more}, so left out: probe again when it is less busy`]
}

function clockNotes({ clockOffsetMs }: MachineFacts): string[] {
  if (Math.abs(clockOffsetMs) <= CLOCK_TOLERANCE_MS) return []
  const side = clockOffsetMs > 0 ? 'behind' : 'ahead of'
  return [`its clock is ${Math.round(Math.abs(clockOffsetMs) / 1000)} s ${side} ${LOCAL}'s`]
}
