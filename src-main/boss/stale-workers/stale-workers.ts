import { linesOf } from '../../../src-core/basics/lines.ts'
import type { FoundWorker } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { KillReport, MachineWorkers } from '../../../src-preload/contract.ts'
import { readFrame } from '../../machines/probe/parse-probe.ts'
import { ask, probeWorkers } from '../../machines/probe/probe.ts'
import type { Transport } from '../../machines/transport/transport.ts'

/** What names one worker on one machine. */
export type WorkerId = Pick<FoundWorker, 'pid' | 'startTime' | 'lockPath'>

/** What became of the workers that were to be ended, in their order. */
export type KillOutcome = {
  /** Processes that were ended. */
  readonly killed: number
  /** Why nothing was done; empty if it was. */
  readonly refused: string
  /** Processes that are still there. */
  readonly left: readonly number[]
}

export type WorkerOptions = { readonly signal?: AbortSignal }

/** The workers on a machine, living ones, too. A machine that can't be asked says why. */
export async function findWorkers(
  transport: Transport,
  options: WorkerOptions = {},
): Promise<MachineWorkers> {
  const { machine } = transport
  const found = await probeWorkers(transport, options)
  return found.ok
    ? { machine, workers: found.value, problem: '' }
    : { machine, workers: [], problem: found.problem.what }
}

/** What may be ended without asking: our workers that serve no boss, and locks without a holder. */
export function staleOnes(workers: readonly FoundWorker[]): FoundWorker[] {
  return workers.filter(({ state }) => state !== 'live')
}

/**
 * Ends workers with everything they started, removes their locks, and asks the machine again before
 * it says so. `workers` are looked up anew: what has ended or changed hands meanwhile is left alone.
 */
export async function killWorkers(
  transport: Transport,
  workers: readonly WorkerId[],
  options: WorkerOptions = {},
): Promise<KillReport> {
  const { machine } = transport
  const nothing = { machine, killed: 0, problem: '', left: [] }
  const before = await probeWorkers(transport, options)
  if (!before.ok) return { ...nothing, problem: before.problem.what }
  const targets = before.value.filter((one) => workers.some((wanted) => isSame(one, wanted)))
  if (targets.length === 0) return nothing
  const values = { targets: targets.map(targetLine).join('\n') }
  const done = await ask(
    transport,
    { script: 'kill-workers.sh', values, ...options },
    parseKillReply,
  )
  if (!done.ok) return { ...nothing, problem: done.problem.what, left: targets }
  const killed = done.value.reduce((sum, outcome) => sum + outcome.killed, 0)
  const after = await probeWorkers(transport, options)
  if (!after.ok) return { machine, killed, problem: after.problem.what, left: targets }
  const left = after.value.filter((one) => targets.some((target) => isSame(one, target)))
  return { machine, killed, problem: problemOf(done.value, left), left }
}

/** Ends a worker that the boss of this name started and that does not listen to it any more. One that is gone is no problem. */
export async function endOwnWorker(
  transport: Transport,
  { boss, pid }: Pick<FoundWorker, 'boss' | 'pid'>,
  options: WorkerOptions = {},
): Promise<Result<void>> {
  const { workers, problem: unasked } = await findWorkers(transport, options)
  if (unasked !== '') return fail(unasked)
  const own = workers.filter((one) => one.boss === boss && one.pid === pid)
  if (own.length === 0) return ok(undefined)
  const { problem } = await killWorkers(transport, own, options)
  return problem === '' ? ok(undefined) : fail(problem)
}

/** One line of `--kill-workers`: `moa: killed 3`, `moa: none`, `moa: FAILED: why`. */
export function describeKill({ machine, killed, problem }: KillReport): string {
  if (problem !== '') return `${machine}: FAILED: ${problem}`
  return killed === 0 ? `${machine}: none` : `${machine}: killed ${killed}`
}

function isSame(one: WorkerId, other: WorkerId): boolean {
  return (
    one.pid === other.pid && one.startTime === other.startTime && one.lockPath === other.lockPath
  )
}

/** As `resources/kill-workers.sh` reads it. */
function targetLine({ kind, pid, startTime, lockPath }: FoundWorker): string {
  const plain = /^[^\s\n]+$/.test(startTime) ? startTime : '-'
  return `${kind} ${pid} ${plain} ${lockPath.includes('\n') ? '-' : lockPath || '-'}`
}

/** Reads the reply of `resources/kill-workers.sh`. Never throws. */
export function parseKillReply(text: string, nonce: string): Result<readonly KillOutcome[]> {
  const body = readFrame(text, nonce)
  if (!body.ok) return body
  const outcomes = [...linesOf(body.value)].flatMap((line): KillOutcome[] => {
    const [what = '', detail = '', pids = ''] = line.split('\t')
    const number = /^\d{1,9}$/.test(detail) ? Number(detail) : 0
    switch (what) {
      case 'killed':
        return [{ killed: number, refused: '', left: [] }]
      case 'left':
        return [{ killed: number, refused: '', left: (pids.match(/\d{1,9}/g) ?? []).map(Number) }]
      case 'refused':
        return [{ killed: 0, refused: detail, left: [] }]
      default:
        return []
    }
  })
  return outcomes.length > 0 ? ok(outcomes) : fail('the reply of our script is empty')
}

function problemOf(outcomes: readonly KillOutcome[], left: readonly FoundWorker[]): string {
  const refused = outcomes.map((outcome) => outcome.refused).filter((reason) => reason !== '')
  const pids = outcomes.flatMap((outcome) => outcome.left)
  if (pids.length > 0) return `processes ${pids.join(', ')} did not end`
  if (refused.length > 0) return refused.join('; ')
  return left.length > 0 ? `${left.length} of them are still there` : ''
}
