import { basename } from 'node:path'
import type { Toolchain } from '../../../src-core/model.ts'

/** A compiler that runs, with its rank among those of the same architecture: the lower wins. */
export type FoundCompiler = Toolchain & { readonly priority: number }

/**
 * Where a compiler was found: `[toolchain-prefix]` (three ways), a downloaded toolchain,
 * a searched folder. Source of the order: the reference, section 6.
 */
export type CompilerOrigin = 'prefix-full' | 'prefix-gcc' | 'prefix-on-path' | 'downloaded' | 'path'

/** The first that is part of the path ranks the compiler; the reference's list in its order. */
const NAME_RANKS = [
  '-elf',
  '-unknown-linux-gnu',
  '-linux',
  '-none-linux-gnueabi',
  '-none-linux-gnueabihf',
  '-uclinux',
  '-none-eabi',
  '-gentoo-linux-gnu',
  '-linux-gnueabi',
  '-linux-gnueabihf',
  '-le-linux',
]

export function compilerPriority(path: string, origin: CompilerOrigin): number {
  switch (origin) {
    case 'prefix-full':
      return 0
    case 'prefix-gcc':
      return 1
    case 'prefix-on-path':
      return 2
    case 'downloaded':
      return 3
    case 'path': {
      const rank = NAME_RANKS.findIndex((name) => path.includes(name))
      return 4 + (rank < 0 ? NAME_RANKS.length : rank)
    }
  }
}

/**
 * The architecture that a compiler's file name says: the text before the first `-`, and `sandbox`
 * for one without. Null for names like `x-linux-x-linux-gcc`, which installers leave behind.
 */
export function compilerName(path: string): { arch: string; prefix: string } | null {
  const name = basename(path)
  if (!name.endsWith('gcc') || /^(.+)-\1-gcc$/.test(name)) return null
  const prefix = name.slice(0, name.lastIndexOf('-') + 1)
  return { arch: prefix === '' ? 'sandbox' : name.slice(0, name.indexOf('-')), prefix }
}

/**
 * The version in the first line of `gcc --version`, e.g. `12.2.0`; empty if there is none. What
 * stands in brackets is the packager's: `gcc (Debian 12.2.0-14) 12.2.0`.
 */
export function compilerVersion(line: string): string {
  let bare = line
  for (let i = 0; i < 5 && /\([^()]*\)/.test(bare); i++) bare = bare.replace(/\([^()]*\)/g, ' ')
  return firstVersion(bare) || firstVersion(line)
}

/** The first dotted number of a text; empty if there is none. */
export function firstVersion(text: string): string {
  // From the first digit of a number only: else a long one is tried from each of its digits.
  return /(?<!\d)\d{1,9}(?:\.\d{1,9})+/.exec(text)?.[0] ?? ''
}

/**
 * A compiler from what it said; null where its name is none of a compiler's. `[toolchain-prefix]`
 * names the architecture itself, so there the file may be called anything.
 */
export function foundCompiler(
  gcc: string,
  origin: CompilerOrigin,
  said: { readonly versionLine: string; readonly triple: string; readonly arch?: string },
): FoundCompiler | null {
  const name = compilerName(gcc)
  const arch = said.arch ?? name?.arch
  if (arch === undefined) return null
  return {
    arch,
    prefix: name?.prefix ?? basename(gcc).slice(0, basename(gcc).lastIndexOf('-') + 1),
    gcc,
    version: compilerVersion(said.versionLine),
    triple: /^[\w.-]+$/.test(said.triple) ? said.triple : '',
    priority: compilerPriority(gcc, origin),
  }
}

/** The best compiler of every architecture; of equals the first. */
export function bestByArch(compilers: readonly FoundCompiler[]): Map<string, FoundCompiler> {
  const best = new Map<string, FoundCompiler>()
  for (const compiler of compilers) {
    const held = best.get(compiler.arch)
    if (held === undefined || compiler.priority < held.priority) best.set(compiler.arch, compiler)
  }
  return best
}
