/** A comparison of machines, as a person sees it. Plain data. */
import type { Commit, Outcome } from '../model.ts'
import type { BuildComparison } from './compare-builds.ts'
import type { Cause } from './likely-causes.ts'
import type { Twins } from './twins.ts'

/** A build of a comparison; without an outcome while it is under way. */
export type ComparedBuild = {
  readonly machine: string
  readonly board: string
  readonly outcome: Outcome | null
  /** Why it failed or was not built; else empty. */
  readonly reason: string
  /** Empty where it made no image. */
  readonly images: string
}

/** What building once more has shown of a difference. */
export type CauseProof = {
  /**
   * `proved`: with the cause made alike, the builds are. `refuted`: they still differ. `not reproducible`: a
   * machine differs from itself. `none`: nothing could be made alike from here.
   */
  readonly kind: 'proved' | 'refuted' | 'not reproducible' | 'none'
  readonly text: string
}

/** Two machines that do not build a board alike. */
export type MachineDifference = {
  readonly board: string
  readonly machines: readonly [string, string]
  readonly comparison: BuildComparison
  /** The likeliest first. */
  readonly causes: readonly Cause[]
  /** Null while it is not known yet. */
  readonly proof: CauseProof | null
}

export type ComparisonState = {
  /** Null before it is known. */
  readonly commit: Commit | null
  readonly boards: readonly { readonly board: string; readonly arch: string }[]
  readonly machines: readonly string[]
  readonly phase: 'building' | 'proving' | 'over'
  readonly builds: readonly ComparedBuild[]
  readonly differences: readonly MachineDifference[]
  /** Known when all is built. */
  readonly twins: readonly Twins[]
  /** Where the builds lie. */
  readonly folder: string
  /** Why it ended early; empty otherwise. */
  readonly problem: string
}

/** Every machine made the same images of every board, and there were two at least. */
export function areAlike({ phase, twins, problem, machines }: ComparisonState): boolean {
  const [only, ...others] = twins
  const isOne = only !== undefined && others.length === 0 && only.lacking.length === 0
  return phase === 'over' && problem === '' && machines.length > 1 && isOne
}
