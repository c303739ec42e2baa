import { join } from 'node:path'
import { plural } from '../../../src-core/basics/words.ts'
import { LOCAL, type MachineFacts, type MachineStatus } from '../../../src-core/model.ts'
import { splitWishes } from '../../../src-core/provider.ts'
import { fail, ok, type Problem, problemText, type Result } from '../../../src-core/result.ts'
import type { Boss } from '../../boss/boss.ts'
import { writeDownloads } from '../../buildman-config/editing/write-config.ts'
import { describeConfigProblem } from '../../buildman-config/read-config.ts'
import { problemOf, withoutName } from '../../error-text.ts'
import type { Fleet } from '../../machines/fleet.ts'
import { selectMachines } from '../../machines/machine-list.ts'
import { machinesTable, toolchainsList } from '../../machines/machines-table.ts'
import { missingArchs } from '../../machines/toolchains/choose-toolchain.ts'
import { fetchToolchain } from '../../machines/toolchains/fetch-toolchain.ts'
import type { Transport } from '../../machines/transport/transport.ts'
import type { Provider } from '../../providers/provider.ts'
import { type Flags, lastValue, listOf } from '../arguments/flags.ts'
import type { Context } from '../context.ts'
import { sayJson, sayLines, sayProblem } from '../text/output.ts'

/** `--mach`: probes all machines at once and prints what they are and what they can build. */
export async function machinesCommand(context: Context): Promise<Result<number>> {
  const { boss, flags, output, signal } = context
  const { fleet } = boss
  const chosen = machineNames(fleet, flags)
  if (!chosen.ok) return chosen
  const names = chosen.value
  for (const warning of fleet.config().warnings) output.err(`${describeConfigProblem(warning)}\n`)
  await fleet.probe(names, signal)
  let failures = 0
  if (flags.on.has('machines-fetch-arch')) {
    failures = await fetchMissing(context, names)
    await fleet.probe(names, signal)
  }
  const statuses = fleet.statuses().filter(({ config }) => names.includes(config.name))
  if (flags.on.has('json')) sayJson(output, statuses, 1)
  else {
    output.out(machinesTable(statuses, missingOf(fleet)))
    output.out(await providersText(context))
  }
  return ok(failures > 0 ? 1 : 0)
}

/** A line each of those that are named, or of all. */
async function providersText({ boss, flags, signal }: Context): Promise<string> {
  const chosen = providersIn(boss, flags)
  const lines = await Promise.all(
    chosen.map(async (provider) => {
      const said = await provider.describe(signal)
      const text = said.ok ? said.value : `unavailable: ${problemText(said.problem)}`
      return `${provider.config.name}: gives up to ${plural(provider.config.nodes, 'machine')}: ${text}\n`
    }),
  )
  return lines.join('')
}

/** The providers of `--use-machines`, or all. */
export function providersIn(boss: Boss, flags: Flags): readonly Provider[] {
  const named = listOf(flags, 'use-machines')
  const providers = boss.providers()
  if (named.length === 0) return providers
  const wanted = splitWishes(
    named,
    providers.map(({ config }) => config),
  ).providers
  return providers.filter(({ config }) => wanted.some(({ name }) => name === config.name))
}

/** `local` and all machines, or those of `--use-machines`; none where that names only providers. */
export function machineNames(fleet: Fleet, flags: Flags): Result<readonly string[]> {
  const given = listOf(flags, 'use-machines').map((name) => name.toLowerCase())
  const wanted = splitWishes(given, fleet.config().providers).machines
  if (given.length === 0) {
    return ok(fleet.statuses().map(({ config }) => config.name))
  }
  const named = wanted.filter((name) => name !== LOCAL)
  const chosen = named.length === 0 ? ok([]) : selectMachines(fleet.config(), named)
  if (!chosen.ok) return chosen
  const names = chosen.value.map(({ name }) => name)
  return ok(wanted.includes(LOCAL) ? [LOCAL, ...names] : names)
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
  context: Context,
): Promise<boolean[]> {
  const { boss, output, signal } = context
  if (!facts || archs.length === 0) return []
  const outcomes: boolean[] = []
  try {
    const transport = await boss.fleet.connect(name, signal)
    for (const arch of archs) {
      const fetched = await fetchOne(transport, arch, facts, context)
      if (fetched.ok) output.err(`${name}: fetched ${fetched.value}\n`)
      else sayProblem(output, withName(name, fetched.problem))
      outcomes.push(fetched.ok)
    }
    return outcomes
  } catch (error) {
    signal.throwIfAborted()
    sayProblem(output, withName(name, problemOf(error)))
    return [...outcomes, false]
  }
}

/** Gives the compiler's path. What this computer got is noted in `~/.buildman`, too. */
export async function fetchOne(
  transport: Transport,
  arch: string,
  facts: MachineFacts,
  { boss: { fleet }, places, flags, signal }: Context,
): Promise<Result<string>> {
  const server = lastValue(flags, 'toolchain-server')
  const fetched = await fetchToolchain(transport, {
    arch,
    aliases: fleet.config().toolchainAliases.get(arch) ?? [],
    unchecked: flags.on.has('unchecked-toolchain'),
    machineArch: facts.arch,
    cacheDir: join(places.cacheDir, 'toolchains'),
    signal,
    ...(server !== undefined && { server }),
  })
  if (!fetched.ok) return fetched
  if (fetched.value.kind === 'unvouched') {
    return fail(
      fetched.value.why,
      'Nothing was installed. To take it all the same: --unchecked-toolchain',
    )
  }
  if (transport.machine === LOCAL) {
    const noted = await writeDownloads(fleet.config().file)
    if (!noted.ok) return noted
  }
  return ok(fetched.value.compiler.gcc)
}

function withName(machine: string, { what, hint }: Problem): Problem {
  return { what: `${machine}: ${withoutName(what, machine)}`, hint }
}

/** `--list-tool-chains`: what this computer can compile with; with `-v` also where it looked. */
export async function listToolchainsCommand({
  boss,
  flags,
  output,
}: Context): Promise<Result<number>> {
  const { compilers, problems, trace } = boss.fleet.localScan()
  for (const problem of problems) output.err(`slipway: ${problem}\n`)
  if (flags.on.has('json')) sayJson(output, compilers, 1)
  else {
    if (flags.on.has('verbose')) sayLines(output, trace)
    output.out(toolchainsList(compilers))
  }
  return ok(0)
}
