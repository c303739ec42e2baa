import { createStore } from 'zustand/vanilla'
import { LOCAL, type MachineConfig, type MachineStatus } from '../../src-core/model.ts'
import { giverOf } from '../../src-core/provider.ts'
import type { Problem, Result } from '../../src-core/result.ts'
import type {
  Events,
  KillReport,
  ListedMachine,
  MachineWorkers,
  Reply,
} from '../../src-preload/contract.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, attemptPlain, type Loadable, loaded } from './attempt.ts'

export type MachinesState = {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly problem: Problem | null
  /** In the order of the configuration, this computer first; then those that are had for a time. */
  readonly machines: readonly ListedMachine[]
  /** Without those that are had for a time: what settings may name, and what a person may choose among. */
  readonly own: readonly ListedMachine[]
  /** Grows when a machine can do something else than before; a probe that finds the same changes nothing. */
  readonly abilities: number
  /** Palette slot by name; the boss decides it. */
  readonly hues: ReadonlyMap<string, number>
  readonly sshHosts: readonly string[]
  readonly workers: Loadable<readonly MachineWorkers[]>
  readonly kills: ReadonlyMap<string, KillReport>
  readonly fetching: ReadonlyMap<string, Events['toolchain:progress']>
}

/** The machines as configured and probed, apart from any run. */
export class MachinesStore {
  readonly #boss: BossClient
  readonly store = createStore<MachinesState>(() => ({
    status: 'loading',
    problem: null,
    machines: [],
    own: [],
    abilities: 0,
    hues: new Map(),
    sshHosts: [],
    workers: { status: 'idle' },
    kills: new Map(),
    fetching: new Map(),
  }))
  #known: ReadonlyMap<string, string> = new Map()
  readonly #stops: readonly (() => void)[]

  constructor(boss: BossClient) {
    this.#boss = boss
    this.#stops = [
      this.#boss.on('machines:changed', (machines) => this.#adopt(machines)),
      this.#boss.on('toolchain:progress', (step) => {
        this.store.setState({
          fetching: new Map(this.store.getState().fetching).set(step.machine, step),
        })
      }),
    ]
  }

  async load(): Promise<void> {
    const reply = await attempt(
      'The machines could not be read',
      this.#boss.request('machines:list', {}),
    )
    if (reply.ok) this.#adopt(reply.value)
    else this.store.setState({ status: 'failed', problem: reply.problem })
  }

  async findWorkers(): Promise<void> {
    const names = this.store.getState().machines.map((machine) => machine.config.name)
    this.store.setState({ workers: { status: 'loading' }, kills: new Map() })
    const reply = await attemptPlain(
      'The workers could not be looked for',
      this.#boss.request('workers:find', { names }),
    )
    this.store.setState({ workers: loaded(reply) })
  }

  /** Kills the given workers of one machine and keeps what the machine said afterwards. */
  async killWorkers(
    machine: string,
    workers: readonly { pid: number; startTime: string; lockPath: string }[],
  ): Promise<void> {
    const chosen = workers.map(({ pid, startTime, lockPath }) => ({ pid, startTime, lockPath }))
    const reply = await attemptPlain(
      'the boss did not answer',
      this.#boss.request('workers:kill', { machine, workers: chosen }),
    )
    const report: KillReport = reply.ok
      ? reply.value
      : { machine, killed: 0, problem: reply.problem.what, left: [] }
    const { kills, workers: found } = this.store.getState()
    this.store.setState({
      kills: new Map(kills).set(machine, report),
      ...(report.problem === '' && { workers: withoutKilled(found, machine, chosen) }),
    })
  }

  /** Probes the named machines again; none means all, as `~/.buildman` has them by now. */
  async probe(names: readonly string[] = []): Promise<Result<void>> {
    if (names.length === 0) await this.load()
    const all = this.store.getState().machines.map((machine) => machine.config.name)
    return attemptPlain(
      'The machines could not be probed',
      this.#boss.request('machines:probe', { names: names.length > 0 ? [...names] : all }),
    )
  }

  /** What a machine says as it would be saved. */
  tryOut(machine: MachineConfig): Promise<Result<MachineStatus>> {
    return attempt(
      'The machine could not be tried',
      this.#boss.request('machines:try', { machine }),
    )
  }

  /** Adds a machine where `previousName` is empty, else changes that one. */
  save(machine: MachineConfig, previousName: string) {
    return this.#thenReload(this.#boss.request('machines:save', { machine, previousName }))
  }

  remove(name: string) {
    return this.#thenReload(this.#boss.request('machines:remove', { name }))
  }

  /** Moves a machine one place up (-1) or down (1) among those reached over the network. */
  move(name: string, by: -1 | 1): Promise<Result<void>> {
    const names = this.store
      .getState()
      .own.map((machine) => machine.config.name)
      .filter((other) => other !== LOCAL)
    return this.#thenReload(
      this.#boss.request('machines:reorder', { names: moved(names, name, by) }),
    )
  }

  addDemo() {
    return this.#thenReload(this.#boss.request('machines:demo', {}))
  }

  async fetchToolchain(
    machine: string,
    arch: string,
    unchecked: boolean,
  ): Promise<Reply<'machines:fetch-toolchain'>> {
    const result = await attempt(
      `The toolchain for ${arch} could not be fetched on ${machine}`,
      this.#boss.request('machines:fetch-toolchain', { machine, arch, unchecked }),
    )
    const fetching = new Map(this.store.getState().fetching)
    fetching.delete(machine)
    this.store.setState({ fetching })
    return result
  }

  cancelFetch(machine: string) {
    return attemptPlain(
      'It could not be cancelled',
      this.#boss.request('machines:cancel-fetch', { machine }),
    )
  }

  async loadSshHosts(): Promise<void> {
    const reply = await attemptPlain(
      '~/.ssh/config could not be read',
      this.#boss.request('machines:ssh-hosts', {}),
    )
    this.store.setState({ sshHosts: reply.ok ? reply.value : [] })
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
  }

  #adopt(machines: readonly ListedMachine[]): void {
    const { hues, abilities } = this.store.getState()
    const before = this.#known
    const own = machines.filter(({ config }) => giverOf(config.name) === '')
    this.#known = new Map(own.map((machine) => [machine.config.name, abilityOf(machine, before)]))
    const same = JSON.stringify([...this.#known]) === JSON.stringify([...before])
    this.store.setState({
      status: 'ready',
      problem: null,
      machines,
      own,
      abilities: same ? abilities : abilities + 1,
      hues: kept(hues, new Map(machines.map(({ config, hue }) => [config.name, hue]))),
    })
  }

  /** Reads the list again after a change that succeeded; hands the result on. */
  async #thenReload(change: Promise<Result<void>>): Promise<Result<void>> {
    const result = await attempt('The machines could not be changed', change)
    if (result.ok) await this.load()
    return result
  }
}

/** What a plan depends on of a machine. While it is probed anew it counts as before. */
function abilityOf(machine: MachineStatus, before: ReadonlyMap<string, string>): string {
  const { config, state, slots, toolchains } = machine
  const known = before.get(config.name)
  if (known !== undefined && state === 'probing') return known
  const compilers = toolchains.map(({ arch, version, triple }) => [arch, version, triple])
  return JSON.stringify([config, state, slots, compilers])
}

/** What was found, less what a machine says it has ended; the others it still has. */
function withoutKilled(
  found: Loadable<readonly MachineWorkers[]>,
  machine: string,
  killed: readonly { pid: number; startTime: string; lockPath: string }[],
): Loadable<readonly MachineWorkers[]> {
  if (found.status !== 'ready') return found
  const isKilled = (one: MachineWorkers['workers'][number]) =>
    killed.some(
      ({ pid, startTime, lockPath }) =>
        pid === one.pid && startTime === one.startTime && lockPath === one.lockPath,
    )
  const value = found.value.map((each) =>
    each.machine === machine
      ? { ...each, workers: each.workers.filter((one) => !isKilled(one)) }
      : each,
  )
  return { status: 'ready', value }
}

/** The map of before where the new one says the same: what depends on it need not be made anew. */
function kept(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  return JSON.stringify([...before]) === JSON.stringify([...now]) ? before : now
}

/** The list with one name moved by one place; unchanged at the ends. */
export function moved(names: readonly string[], name: string, by: -1 | 1): string[] {
  const from = names.indexOf(name)
  const to = from + by
  const result = [...names]
  const other = result[to]
  if (from < 0 || other === undefined) return result
  result[to] = name
  result[from] = other
  return result
}
