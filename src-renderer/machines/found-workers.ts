import type { KillReport, MachineWorkers } from '../../src-preload/contract.ts'

/** What was found on the machines, in the order in which a person looks at it. */
export type FoundByKind = {
  /** With something to see: workers, or what came of a kill; those with stale ones first. */
  readonly withWorkers: readonly MachineWorkers[]
  /** Machines that could not be asked, by what they said. */
  readonly silent: readonly { readonly problem: string; readonly machines: readonly string[] }[]
  readonly without: readonly string[]
}

/** Sorts machines so that those with nothing to see take a line together, however many there are. */
export function foundByKind(
  found: readonly MachineWorkers[],
  kills: ReadonlyMap<string, KillReport>,
): FoundByKind {
  const isSeen = ({ machine, workers }: MachineWorkers) => workers.length > 0 || kills.has(machine)
  const others = found.filter((one) => !isSeen(one))
  const stale = ({ workers }: MachineWorkers) =>
    Number(workers.some(({ state }) => state !== 'live'))
  return {
    withWorkers: found.filter(isSeen).sort((a, b) => stale(b) - stale(a)),
    silent: [...new Set(others.map(({ problem }) => problem))]
      .filter((problem) => problem !== '')
      .map((problem) => ({
        problem,
        machines: others.flatMap((one) => (one.problem === problem ? [one.machine] : [])),
      })),
    without: others.flatMap(({ machine, problem }) => (problem === '' ? [machine] : [])),
  }
}
