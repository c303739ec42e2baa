/** Puts the likely causes of a difference to the test: with one of them made alike, are the builds? */
import { type BuildComparison, compareBuilds } from '../../../src-core/alike/compare-builds.ts'
import type { CauseProof, MachineDifference } from '../../../src-core/alike/comparison-state.ts'
import { type Cause, likelyCauses } from '../../../src-core/alike/likely-causes.ts'
import type { BuildSettings } from '../../../src-core/build-options/build-settings.ts'
import type { MadeBuild } from './build-on-machine.ts'
import { type AlikeWay, type CompilersOfFleet, waysToMakeAlike } from './make-alike.ts'

export type CauseProofQuestion = {
  readonly difference: MachineDifference
  /** What each of the two made. */
  readonly made: readonly [MadeBuild, MadeBuild]
  readonly arch: string
  readonly settings: BuildSettings
  readonly fleet: CompilersOfFleet
  /** Builds the board once more on both machines. */
  readonly buildBoth: (way: AlikeWay) => Promise<readonly (MadeBuild | undefined)[]>
}

/** More ways to make two machines alike are not tried. */
const mostTried = 4

const nothingToMakeAlike: CauseProof = {
  kind: 'none',
  text: 'nothing of it can be made alike from here',
}

/** Tries one likely cause after the other, until the builds are alike; one that is proved comes first then. */
export async function proveCause(question: CauseProofQuestion): Promise<MachineDifference> {
  const { difference } = question
  const tried = new Set<string>()
  const refuted: string[] = []
  for (const cause of difference.causes) {
    for (const way of waysFor(question, cause)) {
      if (tried.has(way.text) || tried.size >= mostTried) continue
      tried.add(way.text)
      const found = await tryWay(question, cause, way)
      if (found === 'unlike') refuted.push(way.text)
      if (found !== 'alike') continue
      const others = difference.causes.filter((one) => one !== cause)
      const text = `${way.text} they are the same`
      return { ...difference, causes: [cause, ...others], proof: { kind: 'proved', text } }
    }
  }
  const text = `they differ ${refuted.join(', and ')}, too`
  return {
    ...difference,
    proof: refuted.length > 0 ? { kind: 'refuted', text } : nothingToMakeAlike,
  }
}

function waysFor(
  { made: [one, other], difference, arch, settings, fleet }: CauseProofQuestion,
  cause: Cause,
): readonly AlikeWay[] {
  if (!one.tools || !other.tools) return []
  const { machines } = difference
  const tools = [one.tools, other.tools] as const
  return waysToMakeAlike(fleet, { cause, arch, settings, machines, tools })
}

/** `unmade`: the cause was not alike even so, so that nothing follows. */
async function tryWay(
  { buildBoth, settings }: CauseProofQuestion,
  cause: Cause,
  way: AlikeWay,
): Promise<'alike' | 'unlike' | 'unmade'> {
  const [one, other] = await buildBoth(way)
  if (!one || !other || one.images === '' || other.images === '') return 'unmade'
  if (one.images === other.images) return 'alike'
  const left = causesBetween(one, other, compareBuilds(one.files, other.files), settings)
  const isLeft = cause.remedy === 'compiler' && left.some(({ trait }) => trait === cause.trait)
  return isLeft ? 'unmade' : 'unlike'
}

/** What is not alike on the machines of two builds; nothing where they noted nothing. */
export function causesBetween(
  one: MadeBuild,
  other: MadeBuild,
  comparison: BuildComparison,
  { dtcSkip: usesOwnDtc }: BuildSettings,
): readonly Cause[] {
  return one.tools && other.tools
    ? likelyCauses({ comparison, here: one.tools, there: other.tools, usesOwnDtc })
    : []
}

/** What a second build on the same machine says of a difference; null where it came out as the first. */
export function unlikeItself(first: MadeBuild, second: MadeBuild): CauseProof | null {
  if (first.images === second.images || second.images === '') return null
  const { first: files } = compareBuilds(first.files, second.files)
  const path = files.find(({ how }) => how !== 'beside')?.path ?? ''
  const text = `built again on ${first.machine} it is not the same either: ${path} differs first`
  return { kind: 'not reproducible', text }
}
