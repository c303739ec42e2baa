/** A comparison of machines in words. Pure. */
import { listed, machineTitle, plural } from '../basics/words.ts'
import type { BuildComparison, FileDifference } from './compare-builds.ts'
import type { CauseProof, ComparisonState, MachineDifference } from './comparison-state.ts'
import type { Twins } from './twins.ts'

const filesShown = 8
const causesShown = 6

/** What came of it, board by board, and which machines may replace which. */
export function comparisonLines(state: ComparisonState): string[] {
  return [
    ...state.boards.flatMap(({ board, arch }) => [
      `${board}${arch === '' ? '' : ` (${arch})`}`,
      ...boardLines(board, state).map((line) => `  ${line}`),
    ]),
    ...(state.twins.length === 0 ? [] : ['', ...state.twins.map(twinsText)]),
  ]
}

function boardLines(board: string, state: ComparisonState): string[] {
  const its = state.builds.filter((build) => build.board === board)
  const lacking = its.filter(({ images }) => images === '')
  const differences = state.differences.filter((one) => one.board === board)
  const made = its.filter(({ images }) => images !== '').map(({ machine }) => machineTitle(machine))
  const isOne = !differences.some(({ comparison }) => comparison.verdict === 'different')
  return [
    ...lacking.map(
      ({ machine, outcome, reason }) =>
        `${outcome ?? 'not built'} on ${machineTitle(machine)}: ${reason}`,
    ),
    ...(isOne && made.length > 1 ? [`the same images on ${listed(made, 12)}`] : []),
    ...differences.flatMap(differenceLines),
  ]
}

export function differenceLines(difference: MachineDifference): string[] {
  const { machines, comparison, causes, proof } = difference
  const [here, there] = machines.map(machineTitle)
  const { first } = comparison
  const shown = first.slice(0, filesShown).map((file) => `  ${fileText(file)}`)
  const more = first.length > filesShown ? ['  ...'] : []
  const [likely, ...others] = causes
  return [
    `${here} and ${there}: ${verdictText(comparison)}`,
    ...shown,
    ...more,
    ...(likely
      ? [
          `likely cause: ${likely.trait}`,
          `  ${here}: ${likely.here}`,
          `  ${there}: ${likely.there}`,
        ]
      : ['likely cause: none is known; their tools and variables are alike']),
    ...(others.length > 0
      ? [
          `also not alike: ${listed(
            others.map(({ trait }) => trait),
            causesShown,
          )}`,
        ]
      : []),
    ...(proof ? [proofText(proof)] : []),
  ]
}

/** In one sentence. */
export function verdictText({ verdict, counts, images, beside }: BuildComparison): string {
  const objects = counts.object + counts['device tree'] + counts['host object']
  const debug =
    beside > 0 ? `; ${plural(beside, 'file')} only in debug information and the like` : ''
  switch (verdict) {
    case 'same':
      return `the same${debug}`
    case 'same images':
      return `the same images, but ${plural(objects + counts.header + counts.configuration, 'other file')} differ${debug}`
    case 'different':
      return `${counts.image} of ${plural(images, 'image')} and ${plural(objects, 'object')} differ${debug}`
  }
}

export function fileText({ path, how, sections }: FileDifference): string {
  if (how === 'missing') return `${path}: made by one of them only`
  return sections.length === 0 ? path : `${path}: ${listed(sections, 5)}`
}

export function proofText({ kind, text }: CauseProof): string {
  return `${kind === 'none' ? 'not proved' : kind}: ${text}`
}

export function twinsText({ machines, mayReplace, lacking }: Twins): string {
  const names = listed(machines.map(machineTitle), 12)
  const alike =
    machines.length > 1 ? `${names} may replace each other` : `${names} is like no other`
  const less =
    mayReplace.length > 0 ? `; may stand in for ${listed(mayReplace.map(machineTitle), 12)}` : ''
  const without = lacking.length > 0 ? `; without ${listed(lacking)}` : ''
  return `${alike}${less}${without}`
}
