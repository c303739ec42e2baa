import type { FoundWorker } from '../../../src-core/model.ts'
import { ok, problemText, type Result } from '../../../src-core/result.ts'
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
import { machineNames, providersIn } from './machines-command.ts'

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
  const areGivenBack = await cleanProviders(context)
  return ok(areGivenBack && cleaned.every(({ problem }) => problem === '') ? 0 : 1)
}

/** What runs that are gone have left with providers; false where one could not be asked. */
async function cleanProviders({ boss, flags, output, signal }: Context): Promise<boolean> {
  const given = await Promise.all(
    providersIn(boss, flags).map(async (provider) => ({
      name: provider.config.name,
      back: await provider.cleanUp(signal),
    })),
  )
  const say = flags.on.has('json') ? output.err : output.out
  for (const { name, back } of given) {
    if (!back.ok) say(`  ${name}: FAILED: ${problemText(back.problem)}\n`)
    else
      say(`  ${name}: ${back.value.length === 0 ? 'none' : `gave back ${back.value.join(', ')}`}\n`)
  }
  return given.every(({ back }) => back.ok)
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
