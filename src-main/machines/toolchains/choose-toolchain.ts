import { LOCAL, type Toolchain } from '../../../src-core/model.ts'
import type { FoundCompiler } from './compilers.ts'

/** Board architecture -> toolchain architectures to try before its own; `[toolchain-alias]`. */
export type Aliases = ReadonlyMap<string, readonly string[]>

/** What the compilers of a run have in common for one architecture of boards. */
export type ReferenceToolchain = {
  readonly version: string
  readonly triple: string
  /** Whose it is: `local`, or the name of a machine. */
  readonly from: string
}

export type ToolchainChoice = {
  /** Architecture of boards -> the compiler that builds them on this machine. */
  readonly archs: ReadonlyMap<string, Toolchain>
  /** What it has a compiler for and is not given, and why. */
  readonly leftOut: readonly { readonly arch: string; readonly reason: string }[]
}

/**
 * The compilers that can build an architecture of boards, best first: aliases in their order, then
 * the architecture itself; within each by priority. Source: the reference, section 6.
 */
export function candidates(
  arch: string,
  compilers: readonly FoundCompiler[],
  aliases: Aliases,
): FoundCompiler[] {
  const archs = new Set([...(aliases.get(arch) ?? []), arch])
  return [...archs].flatMap((one) =>
    compilers.filter((compiler) => compiler.arch === one).sort((a, b) => a.priority - b.priority),
  )
}

/** The architectures of boards that a set of compilers can build, sorted. */
export function buildableArchs(compilers: readonly FoundCompiler[], aliases: Aliases): string[] {
  const own = new Set(compilers.map(({ arch }) => arch))
  for (const [arch, tried] of aliases) if (tried.some((one) => own.has(one))) own.add(arch)
  return [...own].sort()
}

/**
 * For each architecture the compiler that all machines must have. It is the boss's; where the boss
 * has none, the one that most machines have, of equally many the one of the machine that comes first.
 */
export function referenceToolchains(
  boss: readonly FoundCompiler[],
  machines: readonly { readonly name: string; readonly compilers: readonly FoundCompiler[] }[],
  aliases: Aliases,
): Map<string, ReferenceToolchain> {
  const references = new Map<string, ReferenceToolchain>()
  const everything = [...boss, ...machines.flatMap(({ compilers }) => compilers)]
  for (const arch of buildableArchs(everything, aliases)) {
    const own = candidates(arch, boss, aliases)[0]
    const reference = own ? { ...identity(own), from: LOCAL } : mostCommon(arch, machines, aliases)
    if (reference) references.set(arch, reference)
  }
  return references
}

function mostCommon(
  arch: string,
  machines: readonly { readonly name: string; readonly compilers: readonly FoundCompiler[] }[],
  aliases: Aliases,
): ReferenceToolchain | undefined {
  const counted = new Map<string, { reference: ReferenceToolchain; machines: number }>()
  for (const { name, compilers } of machines) {
    const best = candidates(arch, compilers, aliases)[0]
    if (best === undefined) continue
    const key = JSON.stringify(identity(best))
    const seen = counted.get(key)
    if (seen) seen.machines += 1
    else counted.set(key, { reference: { ...identity(best), from: name }, machines: 1 })
  }
  // The sort is stable, so the first machine's stays first among equals.
  return [...counted.values()].sort((a, b) => b.machines - a.machines)[0]?.reference
}

/**
 * What a machine may build and with which compiler. One that has several takes the one that is the
 * reference's, in full version and target triple, even where another ranks higher. If it has none
 * such, the machine is left out for that architecture, or takes its best with `allowDifferent`.
 */
export function chooseToolchains(options: {
  readonly compilers: readonly FoundCompiler[]
  readonly references: ReadonlyMap<string, ReferenceToolchain>
  readonly aliases: Aliases
  readonly allowDifferent: boolean
}): ToolchainChoice {
  const { compilers, references, aliases, allowDifferent } = options
  const archs = new Map<string, Toolchain>()
  const leftOut: { arch: string; reason: string }[] = []
  for (const arch of buildableArchs(compilers, aliases)) {
    const found = candidates(arch, compilers, aliases)
    const reference = references.get(arch)
    const same = found.find((one) => reference === undefined || isSame(one, reference))
    const best = found[0]
    if (same) archs.set(arch, toolchain(same))
    else if (best && allowDifferent) archs.set(arch, toolchain(best))
    else if (best && reference) leftOut.push({ arch, reason: difference(best, reference) })
  }
  return { archs, leftOut }
}

/** Architectures of boards that the boss can build and this machine has no compiler for, sorted. */
export function missingArchs(
  boss: readonly FoundCompiler[],
  machine: readonly FoundCompiler[],
  aliases: Aliases,
): string[] {
  const own = new Set(buildableArchs(machine, aliases))
  return buildableArchs(boss, aliases).filter((arch) => !own.has(arch))
}

function identity({ version, triple }: Toolchain): { version: string; triple: string } {
  return { version, triple }
}

/** What is unknown is not the same as anything. */
function isSame(one: Toolchain, reference: ReferenceToolchain): boolean {
  return one.version !== '' && one.version === reference.version && one.triple === reference.triple
}

/** Why two compilers are not the same, for a person. */
function difference(one: Toolchain, reference: ReferenceToolchain): string {
  if (one.version === '') return `the version of ${one.gcc} can't be read`
  return one.version === reference.version
    ? `gcc ${one.version} builds for ${one.triple || 'an unknown target'} here, for ${reference.triple || 'an unknown target'} on ${reference.from}`
    : `gcc ${one.version} here, ${reference.version || 'an unknown version'} on ${reference.from}`
}

function toolchain({ arch, gcc, prefix, version, triple }: FoundCompiler): Toolchain {
  return { arch, gcc, prefix, version, triple }
}
