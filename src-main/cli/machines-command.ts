import type { MachineStatus } from '../../src-preload/model.ts'
import { LOCAL } from '../../src-preload/model.ts'
import { describeKill, killStaleWorkers } from '../boss/stale-workers.ts'
import { missingArchs } from '../machines/choose-toolchain.ts'
import { fetchToolchain } from '../machines/fetch-toolchain.ts'
import type { Fleet } from '../machines/fleet.ts'
import { machinesTable, toolchainsList } from '../machines/machines-table.ts'
import type { Transport } from '../machines/transport.ts'
import { writeDownloads } from '../settings/buildman-config-write.ts'
import { type Flags, listOf } from './flags.ts'
import { type Output, sayProblem } from './output.ts'
import type { Places } from './places.ts'

/** A machine that does not answer is given up after this long. */
const patienceMs = 15_000

/** `--mach`: probes all machines at once and prints what they are and what they can build. */
export async function machinesCommand(
  fleet: Fleet,
  places: Places,
  flags: Flags,
  output: Output,
): Promise<number> {
  await fleet.probe(namesOf(fleet), AbortSignal.timeout(patienceMs))
  if (flags.on.has('machines-fetch-arch')) {
    const failures = await fetchMissing(fleet, places, output)
    await fleet.probe(namesOf(fleet), AbortSignal.timeout(patienceMs))
    if (failures > 0) return 1
  }
  const statuses = fleet.statuses()
  if (flags.on.has('json')) {
    output.out(`${JSON.stringify(statuses, null, 1)}\n`)
    return 0
  }
  output.out(machinesTable(statuses, missingOf(fleet)))
  return 0
}

function namesOf(fleet: Fleet): string[] {
  return fleet.statuses().map(({ config }) => config.name)
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
async function fetchMissing(fleet: Fleet, places: Places, output: Output): Promise<number> {
  const missing = missingOf(fleet)
  const outcomes = await Promise.all(
    fleet
      .statuses()
      .map((status) =>
        fetchFor(status, missing.get(status.config.name) ?? [], fleet, places, output),
      ),
  )
  return outcomes.flat().filter((fine) => !fine).length
}

async function fetchFor(
  { config: { name }, facts }: MachineStatus,
  archs: readonly string[],
  fleet: Fleet,
  places: Places,
  output: Output,
): Promise<boolean[]> {
  if (!facts || archs.length === 0) return []
  const transport = await fleet.connect(name)
  const outcomes: boolean[] = []
  for (const arch of archs) {
    const cacheDir = `${places.cacheDir}/toolchains`
    const fetched = await fetchToolchain(transport, { arch, machineArch: facts.arch, cacheDir })
    if (fetched.ok) output.out(`${name}: ${arch}: ${fetched.value.compiler.gcc}\n`)
    else sayProblem(output, { ...fetched.problem, what: `${name}: ${fetched.problem.what}` })
    if (fetched.ok && name === LOCAL) await writeDownloads(fleet.config().file)
    outcomes.push(fetched.ok)
  }
  return outcomes
}

/** `--list-tool-chains`: what this computer can compile with. */
export async function listToolchainsCommand(
  fleet: Fleet,
  flags: Flags,
  output: Output,
): Promise<number> {
  const compilers = fleet.compilersOf(LOCAL)
  if (flags.on.has('json')) output.out(`${JSON.stringify(compilers, null, 1)}\n`)
  else output.out(toolchainsList(compilers))
  return 0
}

/** `--kill-workers`: ends what serves nobody, on this computer and on every machine at once. */
export async function killWorkersCommand(
  fleet: Fleet,
  flags: Flags,
  output: Output,
): Promise<number> {
  const wanted = new Set(listOf(flags, 'use-machines'))
  const names = namesOf(fleet).filter((name) => wanted.size === 0 || wanted.has(name))
  const signal = AbortSignal.timeout(patienceMs)
  const reached = await Promise.all(names.map((name) => reach(fleet, name, signal)))
  const transports = reached.flatMap(({ transport }) => (transport ? [transport] : []))
  const reports = await killStaleWorkers(transports, { timeoutMs: patienceMs })
  for (const { name, problem } of reached) {
    const report = reports.find(({ machine }) => machine === name)
    output.out(`  ${report ? describeKill(report) : `${name}: FAILED: ${problem}`}\n`)
  }
  const isClean = reports.every(({ problem }) => problem === '')
  return isClean && transports.length === names.length ? 0 : 1
}

type Reached = {
  readonly name: string
  readonly transport: Transport | null
  readonly problem: string
}

async function reach(fleet: Fleet, name: string, signal: AbortSignal): Promise<Reached> {
  try {
    return { name, transport: await fleet.connect(name, signal), problem: '' }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { name, transport: null, problem }
  }
}
