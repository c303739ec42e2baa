import type { PlannedBlob } from '../../../src-core/blobs/board-blobs.ts'
import { groupOf } from '../../../src-core/boards/board-group.ts'
import {
  type Board,
  LOCAL,
  type MachineConfig,
  type MachineStatus,
  type RunRequest,
} from '../../../src-core/model.ts'
import type { ProviderWish } from '../../../src-core/provider.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { PlanSummary } from '../../../src-preload/contract.ts'
import type { BuildmanConfig } from '../../buildman-config/read-config.ts'
import { selectMachines } from '../../machines/machine-list.ts'
import type { Estimator } from '../../results/durations.ts'
import type { BoardCost } from '../scheduling/scheduler-types.ts'
import { shareOut } from '../scheduling/share-out.ts'
import { workOf } from '../scheduling/timeline.ts'

/**
 * Which machines take part, `local` first: the three toggles of buildman (reference, section 7),
 * but `local` is one more machine, unless the run is to keep off it.
 */
export function takingPart(
  request: Pick<RunRequest, 'distribute' | 'useMachines' | 'noLocal' | 'providers'>,
  config: Pick<BuildmanConfig, 'file' | 'local' | 'machines'>,
): Result<readonly MachineConfig[]> {
  const { useMachines, noLocal, providers = [] } = request
  const distribute = request.distribute || useMachines.length > 0
  const others = providers.length > 0
  if (noLocal && !distribute && !others) {
    return fail(
      'Nothing would be built: neither here nor elsewhere',
      'Add distribute, or build on this computer too',
    )
  }
  if (!distribute) return ok(noLocal ? [] : [config.local])
  const named = useMachines.filter((name) => name.toLowerCase() !== LOCAL)
  const onlyLocal = useMachines.length > 0 && named.length === 0
  const chosen = onlyLocal ? ok([]) : selectMachines(config, named)
  if (!chosen.ok) return chosen
  const all = noLocal ? chosen.value : [config.local, ...chosen.value]
  if (all.length > 0 || others) return ok(all)
  return fail(`There are no machines to build on`, `Add some to [machines] in ${config.file}`)
}

export type PlanQuestion = {
  /** Commits to build, by board; boards that need none are absent. */
  readonly todo: ReadonlyMap<string, readonly number[]>
  readonly boards: readonly Board[]
  /** Builds that have their outcome already. */
  readonly previously: number
  /** Of the machines that take part, `local` first. */
  readonly machines: readonly MachineStatus[]
  /** Asked for more of them once the run has begun. */
  readonly providers: readonly ProviderWish[]
  readonly costOf: (board: Board) => BoardCost
  readonly estimator: Estimator
  readonly warmFactor: number
  readonly blobs: readonly PlannedBlob[]
  readonly notes: readonly string[]
}

/**
 * What a run would do as things are: how many boards where, which are left out and why, how
 * long it takes. The run itself goes on deciding, so the numbers are a forecast. Pure.
 */
export function planSummary(question: PlanQuestion): PlanSummary {
  const { todo, boards, previously, machines, providers, notes } = question
  // Nobody knows yet what these can build.
  const isAwaited = ({ state }: MachineStatus) => state === 'probing' || state === 'unknown'
  const othersMayCome = providers.length > 0 || machines.some(isAwaited)
  const wanted = boards.filter((board) => todo.has(board.target))
  const available = machines.filter(({ state }) => state === 'available')
  const buildable = new Set(available.flatMap(archsOf))
  const { shares, estimate } = forecast(
    question,
    wanted.filter(({ arch }) => buildable.has(arch)),
    available,
  )
  const open = wanted.reduce((sum, { target }) => sum + (todo.get(target)?.length ?? 0), 0)
  return {
    builds: open + previously,
    previously,
    machines: machines.map((machine) => ({
      name: machine.config.name,
      slots: machine.state === 'available' ? machine.slots : 0,
      boards: shares.get(machine.config.name) ?? 0,
      reason: reasonOf(machine),
      ...(isAwaited(machine) && { isAsked: true as const }),
    })),
    // Where no machine takes part no compiler is to blame, and others may have them.
    notBuilt:
      available.length === 0 || othersMayCome
        ? []
        : leftOut(
            wanted.filter(({ arch }) => !buildable.has(arch)),
            available,
          ),
    estimate,
    providers: [...providers],
    blocked: providers.length > 0 ? '' : blockedBy(machines),
    blobs: [...question.blobs],
    notes: [...notes, ...machines.flatMap(machineNotes)],
  }
}

function forecast(
  { todo, costOf, estimator, warmFactor }: PlanQuestion,
  boards: readonly Board[],
  machines: readonly MachineStatus[],
): { shares: Map<string, number>; estimate: PlanSummary['estimate'] } {
  const loads = boards.map((board) => ({
    work: workOf(costOf(board), todo.get(board.target)?.length ?? 0),
    group: groupOf(board),
    arch: board.arch,
  }))
  const helpers = machines.map((machine) => ({
    rate: 1 / estimator.factor(machine.config.name),
    free: Array.from({ length: Math.max(1, machine.slots) }, () => 0),
    archs: new Set(archsOf(machine)),
    warm: new Set<string>(),
  }))
  const { lists, finish } = shareOut(loads, helpers, warmFactor, () => false)
  const shares = new Map(
    machines.map(({ config }, index) => [config.name, lists[index]?.length ?? 0]),
  )
  const isKnown = boards.some(
    ({ target: board, arch }) => estimator.seconds({ board, arch, kind: 'cold' }) !== undefined,
  )
  const seconds = finish / 1000
  const estimate = isKnown && seconds > 0 ? { low: seconds * 0.8, high: seconds * 1.4 } : null
  return { shares, estimate }
}

function archsOf(machine: MachineStatus): string[] {
  return machine.toolchains.map(({ arch }) => arch)
}

function reasonOf({ state, reason }: MachineStatus): string {
  if (state === 'available') return ''
  return reason || (state === 'probing' ? 'being asked' : 'not asked yet')
}

/** Boards that no machine can build, by architecture; the longest list first. */
function leftOut(
  boards: readonly Board[],
  machines: readonly MachineStatus[],
): PlanSummary['notBuilt'] {
  const archs = [...new Set(boards.map(({ arch }) => arch))]
  return archs
    .map((arch) => ({
      arch,
      reason: whyNot(arch, machines),
      boards: boards.filter((board) => board.arch === arch).map(({ target }) => target),
    }))
    .sort((a, b) => b.boards.length - a.boards.length)
}

/** What the machines lack that do take part. Why others don't is said once, at each of them. */
function whyNot(arch: string, machines: readonly MachineStatus[]): string {
  const leavesOut = (machine: MachineStatus) => machine.leftOut.some((one) => one.arch === arch)
  const without = machines.filter((machine) => !leavesOut(machine)).map(({ config }) => config.name)
  const others = machines.filter(leavesOut).map(({ config }) => config.name)
  return [
    ...(without.length > 0 ? [`no toolchain for ${arch} on ${without.join(', ')}`] : []),
    ...(others.length > 0 ? [`left out on ${others.join(', ')}`] : []),
  ].join('; ')
}

/** Why the run can't be started at all: nobody would take part. The machines say why themselves. */
function blockedBy(machines: readonly MachineStatus[]): string {
  const isPossible = machines.some(({ state }) => state !== 'unavailable')
  return isPossible ? '' : 'no machine is available'
}

function machineNotes({ config, state, leftOut, notes }: MachineStatus): string[] {
  if (state !== 'available') return []
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))]
  const different = reasons.map((reason) => {
    const archs = leftOut.filter((one) => one.reason === reason).map(({ arch }) => arch)
    return `left out for ${archs.join(', ')}: ${reason}`
  })
  return [...notes, ...different].map((note) => `${config.name}: ${note}`)
}
