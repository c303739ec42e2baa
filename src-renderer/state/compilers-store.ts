import { createStore } from 'zustand/vanilla'
import { isFetchable } from '../../src-core/build/missing-compilers.ts'
import { problemText } from '../../src-core/result.ts'
import type { PlanSummary } from '../../src-preload/contract.ts'
import type { MachinesStore } from './machines-store.ts'

/** A compiler that a machine lacks, and that boards of a plan can't be built without. */
export type MissingCompiler = {
  readonly machine: string
  readonly arch: string
  /** Boards of that architecture. */
  readonly boards: number
}

export type CompilerFetch = MissingCompiler & {
  /** `unvouched`: nothing says that it is what its makers put there; a person decides. */
  readonly state: 'waiting' | 'fetching' | 'there' | 'failed' | 'unvouched' | 'cancelled'
  /** Why it is not there; empty otherwise. */
  readonly why: string
}

export type CompilersState = {
  /** Those asked for since the last `forget`, in the order of machines. */
  readonly fetches: readonly CompilerFetch[]
  readonly isGoingOn: boolean
}

/**
 * Every compiler that boards of the plan wait for, on every machine of it that answers. What `sandbox`
 * lacks is fetched from nowhere. Pure.
 */
export function missingCompilers({
  machines,
  notBuilt,
}: Pick<PlanSummary, 'machines' | 'notBuilt'>): readonly MissingCompiler[] {
  const wanted = notBuilt.filter(({ arch }) => isFetchable(arch))
  return machines
    .filter(({ slots }) => slots > 0)
    .flatMap(({ name }) =>
      wanted.map(({ arch, boards }) => ({ machine: name, arch, boards: boards.length })),
    )
}

/**
 * Fetches compilers to many machines: all machines at once, each one compiler after the other. It goes on
 * when nobody looks.
 */
export class CompilersStore {
  readonly #machines: MachinesStore
  readonly store = createStore<CompilersState>(() => ({ fetches: [], isGoingOn: false }))
  #isCancelled = false

  constructor(machines: MachinesStore) {
    this.#machines = machines
  }

  /** @param unchecked also those that nothing vouches for */
  async fetch(missing: readonly MissingCompiler[], unchecked = false): Promise<void> {
    if (this.store.getState().isGoingOn) return
    this.#isCancelled = false
    const wanted = missing.map((one): CompilerFetch => ({ ...one, state: 'waiting', why: '' }))
    // What came of the others before stays in sight.
    this.store.setState(({ fetches }) => ({
      fetches: withChanged(fetches, wanted),
      isGoingOn: true,
    }))
    const machines = new Set(missing.map(({ machine }) => machine))
    await Promise.all([...machines].map((machine) => this.#fetchOn(machine, missing, unchecked)))
    this.store.setState({ isGoingOn: false })
  }

  /** What came so far is kept for the next try. */
  async cancel(): Promise<void> {
    this.#isCancelled = true
    const busy = this.store.getState().fetches.filter(({ state }) => state === 'fetching')
    await Promise.all(busy.map(({ machine }) => this.#machines.cancelFetch(machine)))
  }

  /** What was fetched needs no more to be shown; while it goes on it stays. */
  forget(): void {
    if (!this.store.getState().isGoingOn) this.store.setState({ fetches: [] })
  }

  async #fetchOn(
    machine: string,
    missing: readonly MissingCompiler[],
    unchecked: boolean,
  ): Promise<void> {
    for (const one of missing) {
      if (one.machine !== machine) continue
      if (!this.#isCancelled) {
        this.#set(one, { state: 'fetching', why: '' })
        this.#set(one, await this.#fetchOne(one, unchecked))
      } else this.#set(one, { state: 'cancelled', why: '' })
    }
  }

  async #fetchOne(
    { machine, arch }: MissingCompiler,
    unchecked: boolean,
  ): Promise<Pick<CompilerFetch, 'state' | 'why'>> {
    const reply = await this.#machines.fetchToolchain(machine, arch, unchecked)
    if (!reply.ok) {
      const why = problemText(reply.problem)
      return this.#isCancelled ? { state: 'cancelled', why: '' } : { state: 'failed', why }
    }
    const { unvouched } = reply.value
    return unvouched === null ? { state: 'there', why: '' } : { state: 'unvouched', why: unvouched }
  }

  #set(one: MissingCompiler, change: Pick<CompilerFetch, 'state' | 'why'>): void {
    const changed = { ...one, ...change }
    this.store.setState(({ fetches }) => ({ fetches: withChanged(fetches, [changed]) }))
  }
}

/** Each in the place of what was said of the same compiler before; new ones at the end. */
function withChanged(
  fetches: readonly CompilerFetch[],
  changed: readonly CompilerFetch[],
): readonly CompilerFetch[] {
  const keyOf = ({ machine, arch }: MissingCompiler) => `${machine} ${arch}`
  const byKey = new Map([...fetches, ...changed].map((one) => [keyOf(one), one]))
  return [...byKey.values()]
}
