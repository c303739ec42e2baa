import { homedir } from 'node:os'
import { join } from 'node:path'
import { LOCAL, type MachineConfig, type MachineStatus } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import type { Args, Reply } from '../../src-preload/contract.ts'
import { findWorkers, killWorkers } from '../boss/stale-workers/stale-workers.ts'
import type { MachineEdit } from '../buildman-config/editing/edit-machines.ts'
import { writeDownloads, writeMachines } from '../buildman-config/editing/write-config.ts'
import { messageOf, problemOf, withoutName } from '../error-text.ts'
import type { Fleet } from '../machines/fleet.ts'
import { sshConfigHosts } from '../machines/ssh-config/ssh-hosts.ts'
import { fetchToolchain } from '../machines/toolchains/fetch-toolchain.ts'
import type { Handlers } from './request-router.ts'
import type { Emit, WindowBoss } from './window-boss.ts'

export type MachineHandlersOptions = {
  readonly windowBoss: WindowBoss
  readonly emit: Emit
  /** A mirror for toolchains; empty for kernel.org. */
  readonly toolchainMirror: () => string
}

type MachineRequest =
  | 'machines:list'
  | 'machines:probe'
  | 'machines:try'
  | 'machines:save'
  | 'machines:remove'
  | 'machines:reorder'
  | 'machines:ssh-hosts'
  | 'machines:demo'
  | 'machines:fetch-toolchain'
  | 'machines:cancel-fetch'
  | 'workers:find'
  | 'workers:kill'

/** Answers about machines, what is configured of them, and what runs there. */
export function machineHandlers(options: MachineHandlersOptions): Handlers<MachineRequest> {
  const { windowBoss } = options
  const fleet = () => windowBoss.boss().fleet
  /** By machine, those under way. */
  const fetches = new Map<string, AbortController>()
  return {
    'machines:list': async () => {
      const config = await fleet().reload()
      return config.ok ? ok(windowBoss.listed(fleet().statuses())) : config
    },
    'machines:probe': ({ names }) => fleet().probe(names),
    'machines:try': ({ machine }) => tryOut(fleet(), machine),
    'machines:save': ({ machine, previousName }) =>
      edit(
        fleet(),
        previousName === ''
          ? { kind: 'add', machine }
          : { kind: 'change', name: previousName, machine },
      ),
    'machines:remove': ({ name }) => edit(fleet(), { kind: 'remove', name }),
    'machines:reorder': ({ names }) => edit(fleet(), { kind: 'order', names }),
    'machines:ssh-hosts': () => sshConfigHosts(undefined, homedir()),
    'machines:demo': () => windowBoss.startDemo(),
    'machines:fetch-toolchain': async ({ machine, arch, unchecked }) => {
      if (fetches.has(machine)) return fail(`${machine} is getting a compiler already`)
      const stop = new AbortController()
      fetches.set(machine, stop)
      try {
        return await fetchFor({ machine, arch, unchecked }, stop.signal, options)
      } finally {
        fetches.delete(machine)
      }
    },
    'machines:cancel-fetch': ({ machine }) => fetches.get(machine)?.abort(new Error('cancelled')),
    'workers:find': ({ names }) => Promise.all(names.map((name) => find(fleet(), name))),
    'workers:kill': async ({ machine, workers }) => {
      try {
        const transport = await fleet().connect(machine)
        return await killWorkers(transport, workers)
      } catch (error) {
        return { machine, killed: 0, problem: withoutName(messageOf(error), machine), left: [] }
      }
    },
  }
}

async function tryOut(fleet: Fleet, machine: MachineConfig): Promise<Result<MachineStatus>> {
  const config = fleet.configIfRead() === null ? await fleet.reload() : null
  return config?.ok === false ? config : ok(await fleet.tryOut(machine))
}

async function edit(fleet: Fleet, change: MachineEdit): Promise<Result<void>> {
  const written = await writeMachines(fleet.config().file, [change])
  if (!written.ok) return written
  const config = await fleet.reload()
  return config.ok ? ok(undefined) : config
}

async function find(fleet: Fleet, machine: string) {
  try {
    const transport = await fleet.connect(machine)
    return await findWorkers(transport)
  } catch (error) {
    return { machine, workers: [], problem: withoutName(messageOf(error), machine) }
  }
}

/** As `machines:fetch-toolchain` gives it. */
async function fetchFor(
  { machine, arch, unchecked }: Args<'machines:fetch-toolchain'>,
  signal: AbortSignal,
  { windowBoss, emit, toolchainMirror }: MachineHandlersOptions,
): Promise<Reply<'machines:fetch-toolchain'>> {
  const { fleet } = windowBoss.boss()
  const facts = fleet.statuses().find(({ config }) => config.name === machine)?.facts
  if (!facts) return fail(`${machine} has not answered yet`, 'Probe it first')
  const server = toolchainMirror()
  try {
    const transport = await fleet.connect(machine, signal)
    const fetched = await fetchToolchain(transport, {
      arch,
      aliases: fleet.config().toolchainAliases.get(arch) ?? [],
      unchecked,
      machineArch: facts.arch,
      cacheDir: join(windowBoss.cacheDir, 'toolchains'),
      signal,
      ...(server !== '' && { server }),
      onProgress: (progress) => emit('toolchain:progress', { machine, arch, ...progress }),
    })
    if (!fetched.ok) return fetched
    if (fetched.value.kind === 'unvouched') return ok({ unvouched: fetched.value.why })
  } catch (error) {
    if (signal.aborted) return fail('Cancelled', 'What came so far is kept for the next try.')
    return { ok: false, problem: problemOf(error) }
  }
  if (machine === LOCAL) {
    const written = await writeDownloads(fleet.config().file)
    if (!written.ok) return written
    await fleet.reload()
  }
  await fleet.probe([machine])
  return ok({ unvouched: null })
}
