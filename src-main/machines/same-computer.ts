import type { MachineStatus } from '../../src-core/model.ts'

/**
 * Of machines that are one computer under several names only the first is left available; the others say
 * whose computer they are. What can't be told apart or together is left as it is. Pure.
 */
export function eachComputerOnce(statuses: readonly MachineStatus[]): MachineStatus[] {
  const names = new Map<string, string>()
  return statuses.map((status) => {
    const computer = status.facts?.computer ?? ''
    if (computer === '' || status.state !== 'available') return status
    const first = names.get(computer)
    if (first !== undefined) return asTwinOf(status, first)
    names.set(computer, status.config.name)
    return status
  })
}

function asTwinOf(status: MachineStatus, first: string): MachineStatus {
  const reason = `${status.config.name} is the same computer as ${first}: not used twice`
  return { ...status, state: 'unavailable', reason }
}

/** Sees to it that a run uses each computer once, also where its machines answer one after the other. */
export class ComputersOfRun {
  readonly #names: readonly string[]
  readonly #statuses: () => readonly MachineStatus[]
  readonly #takenBy = new Map<string, string>()

  /** `names`: the machines that take part, in their order. `statuses`: what is known of all machines. */
  constructor(names: readonly string[], statuses: () => readonly MachineStatus[]) {
    this.#names = names
    this.#statuses = statuses
  }

  /** What a machine that has just answered is in this run. */
  judge(status: MachineStatus): MachineStatus {
    const { name } = status.config
    const computer = status.facts?.computer ?? ''
    if (computer === '' || status.state !== 'available') return status
    const others = this.#statuses().filter(({ config }) => this.#names.includes(config.name))
    const known = eachComputerOnce(others).find(({ config }) => config.name === name)
    const taker = this.#takenBy.get(computer) ?? name
    if (taker !== name) return asTwinOf(status, taker)
    if (known?.state === 'unavailable') return known
    this.#takenBy.set(computer, name)
    return status
  }
}
