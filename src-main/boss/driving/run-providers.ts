import { setTimeout as sleep } from 'node:timers/promises'
import type { MachineConfig } from '../../../src-core/model.ts'
import { giverOf } from '../../../src-core/provider.ts'
import { problemText } from '../../../src-core/result.ts'
import type { ProviderChanged, ProviderPhase } from '../../../src-core/run/run-events.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'
import type { AskedProvider, Lease } from '../../providers/provider.ts'
import { leaveEarlyMs } from './leave-early.ts'

export type RunProvidersOptions = {
  readonly runId: string
  readonly asked: readonly AskedProvider[]
  readonly state: Pick<RunState, 'machines' | 'machineIndex' | 'attempts'>
  /** Builds without an outcome are left. */
  readonly isWorkLeft: () => boolean
  /** A machine that has come is part of the run, or is no more. */
  readonly join: (machine: MachineConfig) => void
  readonly drain: (machine: string) => void
  readonly dismiss: (machine: string, reason: string) => void
  /** More machines may come: no board is given up for want of one. */
  readonly awaitMachines: (on: boolean) => void
  readonly emit: (event: ProviderChanged) => void
  readonly warn: (text: string) => void
}

/** Requests in a row of which no build came, after which a provider is not asked again. */
const mostFruitless = 3
/** Milliseconds before it is asked again after one of those. */
const pauseMs = 5_000

/** One request, and what came of it. */
type Holding = {
  lease: Lease | null
  machines: readonly string[]
  /** Milliseconds since 1970; 0 while it waits, and where it may be kept. */
  givenAt: number
  endsAt: number
  draining: boolean
  /** Builds that its machines had done when they came: they may have been here before. */
  doneBefore: number
}

/**
 * The machines that a run has for a time. Each that comes is a machine of the run, as if a person had added
 * it; before its time is over it is drained, and while work is left others are asked for in its place.
 */
export class RunProviders {
  private readonly options: RunProvidersOptions
  private readonly parts: readonly ProviderPart[]
  private isAwaiting = false

  constructor(options: RunProvidersOptions) {
    this.options = options
    this.parts = options.asked.map(
      (asked) => new ProviderPart(asked, options, () => this.tellAwaiting()),
    )
  }

  begin(): void {
    for (const part of this.parts) part.ask()
  }

  /** About once a second. */
  tick(now: number): void {
    for (const part of this.parts) part.tick(now)
  }

  /** A machine that is had for a time, and is given back by now: nobody need care for what runs there. */
  hasGivenBack(machine: string): boolean {
    return this.parts.some((part) => part.hasGivenBack(machine))
  }

  /** Gives everything back; what could not be is told. */
  async release(): Promise<void> {
    await Promise.all(this.parts.map((part) => part.release()))
  }

  private tellAwaiting(): void {
    const on = this.parts.some(({ isWaiting }) => isWaiting)
    if (on !== this.isAwaiting) this.options.awaitMachines(on)
    this.isAwaiting = on
  }
}

class ProviderPart {
  private readonly asked: AskedProvider
  private readonly name: string
  private readonly options: RunProvidersOptions
  private readonly tellAwaiting: () => void
  private readonly holdings = new Set<Holding>()
  private readonly endings = new Set<Promise<void>>()
  private readonly stop = new AbortController()
  private requests = 0
  private fruitless = 0
  private isPausing = false

  constructor(asked: AskedProvider, options: RunProvidersOptions, tellAwaiting: () => void) {
    this.asked = asked
    this.name = asked.provider.config.name
    this.options = options
    this.tellAwaiting = tellAwaiting
  }

  /** Machines may come that are not there yet. */
  get isWaiting(): boolean {
    return this.isPausing || [...this.holdings].some(({ givenAt }) => givenAt === 0)
  }

  hasGivenBack(machine: string): boolean {
    const isOurs = giverOf(machine) === this.name
    return isOurs && ![...this.holdings].some(({ machines }) => machines.includes(machine))
  }

  ask(): void {
    const { provider, nodes } = this.asked
    const holding: Holding = {
      ...{ lease: null, machines: [], givenAt: 0, endsAt: 0 },
      ...{ draining: false, doneBefore: 0 },
    }
    this.holdings.add(holding)
    this.requests += 1
    this.tellAwaiting()
    const tag = `${this.options.runId}-${this.requests}`
    holding.lease = provider.lease(
      { nodes, tag },
      {
        waits: (detail, startsAt) => this.tell('waiting', detail, { startsAt }),
        gives: (machines, detail, endsAt) => this.take(holding, machines, detail, endsAt),
        over: (reason, again) => this.end(holding, reason, again),
      },
    )
  }

  tick(now: number): void {
    for (const holding of this.holdings) {
      const { draining, givenAt, endsAt, machines } = holding
      if (endsAt === 0) continue
      if (draining) {
        if (machines.every((name) => this.isIdle(name))) this.letGo(holding, 'its time is over')
        continue
      }
      // Never before half of its time: the builds need not be looked through until then.
      const isHalf = now >= (givenAt + endsAt) / 2
      const early = isHalf ? leaveEarlyMs(this.longestBuildMs(now), endsAt - givenAt) : 0
      if (now >= endsAt - early) this.drain(holding)
    }
  }

  async release(): Promise<void> {
    this.stop.abort(new Error('the run is over'))
    for (const holding of this.holdings) this.giveBack(holding)
    await Promise.all(this.endings)
  }

  private take(
    holding: Holding,
    machines: readonly MachineConfig[],
    detail: string,
    endsAt: number,
  ): void {
    const { fleet } = this.asked
    const names = machines.map(({ name }) => name)
    const gone = holding.machines.filter((name) => !names.includes(name))
    const come = machines.filter(({ name }) => !holding.machines.includes(name))
    const givenAt = holding.givenAt || Date.now()
    const doneBefore = holding.givenAt > 0 ? holding.doneBefore : this.doneOn(names)
    Object.assign(holding, { machines: names, endsAt, givenAt, doneBefore })
    this.tell('given', detail, { endsAt })
    this.leave(gone, `${this.name} has it no more`)
    for (const machine of come) {
      fleet.lend(machine)
      this.options.join(machine)
    }
    this.tellAwaiting()
  }

  private drain(holding: Holding): void {
    holding.draining = true
    if (this.isWanted()) this.ask()
    for (const name of holding.machines) this.options.drain(name)
  }

  /** It ended by itself. Whether more comes is told before its machines leave: boards would be given up. */
  private end(holding: Holding, reason: string, again: boolean): void {
    const isFruitful = this.doneOn(holding.machines) > holding.doneBefore
    this.fruitless = isFruitful ? 0 : this.fruitless + 1
    const isAlone = [...this.holdings].every((one) => one === holding)
    const mayAsk = again && this.fruitless < mostFruitless && this.isWanted()
    if (isAlone && mayAsk) void this.askAgain(reason)
    this.letGo(holding, reason)
    if (!isAlone || mayAsk || this.stop.signal.aborted) return
    this.tell('over', reason)
    if (this.isWanted()) this.options.warn(`${this.name}: ${reason}`)
  }

  private async askAgain(reason: string): Promise<void> {
    this.isPausing = true
    this.tell('waiting', `${reason}; it is asked again`)
    await sleep(pauseMs * this.fruitless, undefined, { signal: this.stop.signal }).catch(() => {})
    this.isPausing = false
    if (this.isWanted()) this.ask()
    else this.tellAwaiting()
  }

  private isWanted(): boolean {
    return !this.stop.signal.aborted && this.options.isWorkLeft()
  }

  private letGo(holding: Holding, reason: string): void {
    this.giveBack(holding)
    this.tellAwaiting()
    this.leave(holding.machines, reason)
  }

  private giveBack(holding: Holding): void {
    this.holdings.delete(holding)
    const ending = (holding.lease?.giveBack() ?? Promise.resolve(null)).then((given) => {
      this.endings.delete(ending)
      for (const name of holding.machines) this.takeBack(name)
      if (given && !given.ok) {
        this.options.warn(`${this.name}: ${problemText(given.problem)}`)
      }
    })
    this.endings.add(ending)
  }

  private leave(machines: readonly string[], reason: string): void {
    for (const name of machines) this.options.dismiss(name, reason)
  }

  /** Unless a later request has it by now. */
  private takeBack(name: string): void {
    if (this.hasGivenBack(name)) this.asked.fleet.takeBack(name)
  }

  private tell(
    phase: ProviderPhase,
    detail: string,
    times: { readonly startsAt?: number; readonly endsAt?: number } = {},
  ): void {
    this.options.emit({ type: 'provider-changed', provider: this.name, phase, detail, ...times })
  }

  private partOf(machine: string) {
    const { machines, machineIndex } = this.options.state
    return machines[machineIndex.get(machine) ?? -1]
  }

  private doneOn(machines: readonly string[]): number {
    return machines.reduce((sum, machine) => sum + (this.partOf(machine)?.done ?? 0), 0)
  }

  private isIdle(machine: string): boolean {
    return (this.partOf(machine)?.building ?? 0) === 0
  }

  /** Of the machines that it gave; a build under way counts as long as it took so far. */
  private longestBuildMs(now: number): number {
    const { attempts, machines } = this.options.state
    return attempts.reduce((longest, { machine, from, to }) => {
      const isOurs = giverOf(machines[machine]?.name ?? '') === this.name
      return isOurs ? Math.max(longest, (to || now) - from) : longest
    }, 0)
  }
}
