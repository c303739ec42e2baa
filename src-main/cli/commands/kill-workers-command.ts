import type { FoundWorker } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import { clockText } from '../../../src-core/run/pace.ts'
import type { KillReport } from '../../../src-preload/contract.ts'
import {
  describeKill,
  findWorkers,
  killWorkers,
  staleOnes,
} from '../../boss/stale-workers/stale-workers.ts'
import { messageOf, withoutName } from '../../error-text.ts'
import type { Fleet } from '../../machines/fleet.ts'
import type { Context } from '../context.ts'
import { sayJson } from '../text/output.ts'
import { machineNames } from './machines-command.ts'

/** What came of one machine. `live` were left alone. */
type Cleaned = KillReport & { readonly live: readonly FoundWorker[] }

/** `--kill-workers`: ends what serves nobody, on this computer and on every machine at once. */
export async function killWorkersCommand(context: Context): Promise<Result<number>> {
  const { boss, flags, output, signal } = context
  const names = machineNames(boss.fleet, flags)
  if (!names.ok) return names
  const all = flags.on.has('live-workers')
  const cleaned = await Promise.all(names.value.map((name) => clean(boss.fleet, name, all, signal)))
  if (flags.on.has('json')) sayJson(output, cleaned, 1)
  else output.out(cleaned.flatMap(lines).join(''))
  return ok(cleaned.every(({ problem }) => problem === '') ? 0 : 1)
}

async function clean(
  fleet: Fleet,
  machine: string,
  all: boolean,
  signal: AbortSignal,
): Promise<Cleaned> {
  const nothing = { machine, killed: 0, left: [], live: [] }
  try {
    const transport = await fleet.connect(machine, signal)
    const { workers, problem } = await findWorkers(transport, { signal })
    if (problem !== '') return { ...nothing, problem }
    const stale = staleOnes(workers)
    const report = await killWorkers(transport, all ? workers : stale, { signal })
    return { ...report, live: all ? [] : workers.filter((one) => !stale.includes(one)) }
  } catch (error) {
    return { ...nothing, problem: withoutName(messageOf(error), machine) }
  }
}

function lines(cleaned: Cleaned): string[] {
  const alive = cleaned.live.map(({ pid, boss, ageSeconds, kind }) => {
    const whose = boss === '' ? kind : `${kind} of ${boss}`
    return `    left alone: process ${pid}, ${whose}, at work for ${clockText(ageSeconds)}\n`
  })
  return [`  ${describeKill(cleaned)}\n`, ...alive]
}
