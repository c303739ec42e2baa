/** Which machines may replace which: those that build all alike. Pure. */

/** What a machine made of a board. */
export type MadeBoard = {
  readonly machine: string
  readonly board: string
  /** Two machines with the same one made the same images; null where it made none. */
  readonly images: string | null
}

/** Machines whose images were the same for every board that was built. */
export type Twins = {
  readonly machines: readonly string[]
  /** Machines outside that these may replace, since they build all that those do, and more. */
  readonly mayReplace: readonly string[]
  /** Boards that they could not build. */
  readonly lacking: readonly string[]
}

/** The machines in groups; the largest first, else in the order in which they came. */
export function findTwins(made: readonly MadeBoard[]): readonly Twins[] {
  const boards = [...new Set(made.map(({ board }) => board))]
  const byMachine = new Map<string, Map<string, string | null>>()
  for (const { machine, board, images } of made) {
    const its = byMachine.get(machine) ?? new Map<string, string | null>()
    byMachine.set(machine, its.set(board, images))
  }
  const rows = [...byMachine].map(([machine, its]) => {
    const images = boards.map((board) => its.get(board) ?? null)
    return { machine, images, key: JSON.stringify(images) }
  })
  const groups = groupsOfLikes(rows, ({ key }) => key).map((likes) => ({
    machines: likes.map(({ machine }) => machine),
    images: likes[0]?.images ?? [],
  }))
  return groups.map((group) => ({
    machines: group.machines,
    mayReplace: groups
      .filter((other) => other !== group && covers(group.images, other.images))
      .flatMap(({ machines }) => machines),
    lacking: boards.filter((_, at) => group.images[at] === null),
  }))
}

/** Those with the same key together; the largest group first, else in the order in which they came. */
export function groupsOfLikes<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group) group.push(one)
    else groups.set(keyOf(one), [one])
  }
  // The sort is stable.
  return [...groups.values()].sort((a, b) => b.length - a.length)
}

/** Whether one builds all that the other builds, and alike; of one that builds nothing, nothing is known. */
function covers(one: readonly (string | null)[], other: readonly (string | null)[]): boolean {
  const known = other.filter((images) => images !== null).length
  return known > 0 && other.every((images, at) => images === null || images === one[at])
}
