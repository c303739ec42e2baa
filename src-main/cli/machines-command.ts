import { join } from 'node:path'
import { LOCAL, type MachineStatus } from '../../src-preload/model.ts'
import type { Result } from '../../src-preload/result.ts'
import { missingArchs } from '../machines/choose-toolchain.ts'
import { fetchToolchain } from '../machines/fetch-toolchain.ts'
import type { Fleet } from '../machines/fleet.ts'
import { selectMachines } from '../machines/machine-list.ts'
import { machinesTable, toolchainsList } from '../machines/machines-table.ts'
import { describeConfigProblem } from '../settings/buildman-config.ts'
import { writeDownloads } from '../settings/buildman-config-write.ts'
import type { Context } from './context.ts'
import { type Flags, lastValue, listOf } from './flags.ts'
import { sayProblem } from './output.ts'

/** A machine that does not answer is given up after this long. */
export const patienceMs = 15_000

/** Until the first of: the person's wish to end, and what a machine may take. */
export function patience(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
}

/** `--mach`: probes all machines at once and prints what they are and what they can build. */
export async function machinesCommand(context: Context): Promise<number> {
  const { boss, flags, output, signal } = context
  const { fleet } = boss
  const chosen = machineNames(fleet, flags)
  if (!chosen.ok) {
    sayProblem(output, chosen.problem)
    return 1
  }
  const names = chosen.value
  for (const warning of fleet.config().warnings) output.err(`${describeConfigProblem(warning)}\n`)
  await fleet.probe(names, patience(signal))
  let failures = 0
  if (flags.on.has('machines-fetch-arch')) {
    failures = await fetchMissing(context, names)
    await fleet.probe(names, patience(signal))
  }
  const statuses = fleet.statuses().filter(({ config }) => names.includes(config.name))
  if (flags.on.has('json')) output.out(`${JSON.stringify(statuses, null, 1)}\n`)
  else output.out(machinesTable(statuses, missingOf(fleet)))
  return failures > 0 ? 1 : 0
}

/** `local` and all machines, or those of `--use-machines`. */
export function machineNames(fleet: Fleet, flags: Flags): Result<readonly string[]> {
  const wanted = listOf(flags, 'use-machines').map((name) => name.toLowerCase())
  if (wanted.length === 0) {
    return { ok: true, value: fleet.statuses().map(({ config }) => config.name) }
  }
  const named = wanted.filter((name) => name !== LOCAL)
  const chosen =
    named.length === 0 ? { ok: true as const, value: [] } : selectMachines(fleet.config(), named)
  if (!chosen.ok) return chosen
  const names = chosen.value.map(({ name }) => name)
  return { ok: true, value: wanted.includes(LOCAL) ? [LOCAL, ...names] : names }
}

/** By machine, what this computer can build and it can't. */
function missingOf(fleet: Fleet): Map<string, string[]> {
  const here = fleet.compilersOf(LOCAL)
  const { toolchainAliases } = fleet.config()
  const answered = fleet.statuses().filter(({ facts }) => facts !== null)
  return new Map(
    answered.map(({ config: { name } }) => [
      name,
      missingArchs(here, fleet.compilersOf(name), toolchainAliases),
    ]),
  )
}

/** Fetches for each machine what it lacks; resolves with the number of failures. */
async function fetchMissing(context: Context, names: readonly string[]): Promise<number> {
  const { fleet } = context.boss
  const missing = missingOf(fleet)
  const outcomes = await Promise.all(
    fleet
      .statuses()
      .filter(({ config }) => names.includes(config.name))
      .map((status) => fetchFor(status, missing.get(status.config.name) ?? [], context)),
  )
  return outcomes.flat().filter((fine) => !fine).length
}

/** One after the other on each machine; whether each arrived. */
async function fetchFor(
  { config: { name }, facts }: MachineStatus,
  archs: readonly string[],
  { boss: { fleet }, places, flags, output, signal }: Context,
): Promise<boolean[]> {
  if (!facts || archs.length === 0) return []
  const server = lastValue(flags, 'toolchain-server')
  const transport = await fleet.connect(name, patience(signal))
  const outcomes: boolean[] = []
  for (const arch of archs) {
    const fetched = await fetchToolchain(transport, {
      arch,
      machineArch: facts.arch,
      cacheDir: join(places.cacheDir, 'toolchains'),
      signal,
      ...(server !== undefined && { server }),
    })
    if (fetched.ok) output.err(`${name}: fetched ${fetched.value.compiler.gcc}\n`)
    else sayProblem(output, { ...fetched.problem, what: `${name}: ${fetched.problem.what}` })
    if (fetched.ok && name === LOCAL) await writeDownloads(fleet.config().file)
    outcomes.push(fetched.ok)
  }
  return outcomes
}

/** `--list-tool-chains`: what this computer can compile with. */
export async function listToolchainsCommand({ boss, flags, output }: Context): Promise<number> {
  const compilers = boss.fleet.compilersOf(LOCAL)
  if (flags.on.has('json')) output.out(`${JSON.stringify(compilers, null, 1)}\n`)
  else output.out(toolchainsList(compilers))
  return 0
}
