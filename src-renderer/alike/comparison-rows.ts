import {
  areAlike,
  type ComparedBuild,
  type ComparisonState,
} from '../../src-core/alike/comparison-state.ts'
import { groupsOfLikes } from '../../src-core/alike/twins.ts'
import { isBuilt } from '../../src-core/model.ts'

/** One build in the table of boards and machines. */
export type ComparedCell = {
  readonly machine: string
  /** Builds of a row with the same letter have the same images; empty where there are none. */
  readonly letter: string
  /** What is said of it beside its letter. */
  readonly text: string
  readonly mood: 'alike' | 'other' | 'none' | 'waiting'
  /** Why it has no images. */
  readonly reason: string
}

export type ComparedRow = {
  readonly board: string
  readonly arch: string
  readonly cells: readonly ComparedCell[]
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** A row a board, a cell a machine. Letters come when all machines have built. */
export function comparedRows({ boards, machines, builds }: ComparisonState): ComparedRow[] {
  return boards.map(({ board, arch }) => {
    const its = builds.filter((build) => build.board === board)
    const made = its.filter(({ images }) => images !== '')
    const groups = groupsOfLikes(made, ({ images }) => images)
    const cells = machines.map((machine) => {
      const build = its.find((one) => one.machine === machine)
      const group = groups.findIndex((likes) => likes.some((one) => one.machine === machine))
      return cellOf(machine, build, group)
    })
    return { board, arch, cells }
  })
}

function cellOf(machine: string, build: ComparedBuild | undefined, group: number): ComparedCell {
  const { outcome = null, reason = '' } = build ?? {}
  if (group >= 0) {
    const letter = letters[group] ?? String(group + 1)
    const text = outcome === 'warnings' ? 'with warnings' : ''
    return { machine, letter, text, mood: group === 0 ? 'alike' : 'other', reason: '' }
  }
  if (outcome === null)
    return { machine, letter: '', text: 'building', mood: 'waiting', reason: '' }
  return isBuilt(outcome)
    ? { machine, letter: '', text: 'built', mood: 'waiting', reason }
    : { machine, letter: '', text: outcome, mood: 'none', reason }
}

/** What it is about at the moment, or what came of it, in a sentence. */
export function headlineOf(state: ComparisonState): string {
  const { phase, builds, differences, problem } = state
  if (phase === 'building') {
    const done = builds.filter(({ outcome }) => outcome !== null).length
    return `Building: ${done} of ${builds.length} done`
  }
  if (phase === 'proving') {
    const open = differences.filter(({ proof }) => proof === null).length
    return open === 0 ? 'Comparing' : `Building again what differs: ${open} to go`
  }
  if (problem !== '') return `Ended early: ${problem}`
  if (areAlike(state)) return 'All of them build the same.'
  const differ = differences.filter(({ comparison }) => comparison.verdict === 'different')
  return differ.length > 0 ? 'They do not build the same.' : 'Not all of them build everything.'
}
