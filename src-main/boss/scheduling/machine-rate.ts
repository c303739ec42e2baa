/**
 * How fast a slot of each machine works, learnt from its own results. Before its first
 * result a machine is judged by its advertised speed (cores x BogoMIPS, load), scaled by
 * how the machines that have results compare to theirs.
 */
export type MachineRates = {
  /** `advertised` is in any unit that is the same for all machines, and above 0. */
  join(machine: string, advertised: number): void
  /** A board of `work` milliseconds (at rate 1) took `ms`. */
  learn(machine: string, work: number, ms: number): void
  /** Milliseconds of work that a slot does in a millisecond. */
  rateOf(machine: string): number
  /** Mean milliseconds of a build here; undefined before the first. */
  meanMs(machine: string): number | undefined
}

type Entry = { advertised: number; work: number; ms: number; mean: number; samples: number }

/** Each new result makes the older ones count this much less. */
const memory = 0.95

export function createRateBook(): MachineRates {
  const entries = new Map<string, Entry>()

  /** What one unit of advertised speed has turned out to be worth; 0 while nothing is known. */
  function worth(): number {
    let work = 0
    let promised = 0
    for (const entry of entries.values()) {
      work += entry.work
      promised += entry.ms * entry.advertised
    }
    return promised > 0 ? work / promised : 0
  }

  function fastest(): number {
    return Math.max(...Array.from(entries.values(), (entry) => entry.advertised))
  }

  return {
    join(machine, advertised) {
      const known = entries.get(machine)
      if (known) known.advertised = advertised
      else entries.set(machine, { advertised, work: 0, ms: 0, mean: 0, samples: 0 })
    },
    learn(machine, work, ms) {
      const entry = entries.get(machine)
      if (!entry || ms <= 0 || work <= 0) return
      entry.work = entry.work * memory + work
      entry.ms = entry.ms * memory + ms
      entry.mean = entry.samples === 0 ? ms : 0.8 * entry.mean + 0.2 * ms
      entry.samples += 1
    },
    rateOf(machine) {
      const entry = entries.get(machine)
      if (!entry) return 1
      const prior = entry.advertised * (worth() || 1 / fastest())
      if (entry.samples === 0) return prior
      // The prior weighs as much as one mean result.
      return (entry.work + prior * entry.mean) / (entry.ms + entry.mean)
    },
    meanMs(machine) {
      const entry = entries.get(machine)
      return entry && entry.samples > 0 ? entry.mean : undefined
    },
  }
}
