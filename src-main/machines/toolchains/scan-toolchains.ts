import { execFile } from 'node:child_process'
import { access, constants, readdir, realpath, stat } from 'node:fs/promises'
import { basename, delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { BuildmanConfig } from '../../buildman-config/read-config.ts'
import {
  type CompilerOrigin,
  compilerName,
  type FoundCompiler,
  foundCompiler,
} from './compilers.ts'
import { expandPattern } from './find-paths.ts'

/** What this computer can compile with, by the rules of the reference, section 6. */
export type LocalToolchains = {
  /** Every compiler that works, in the order in which it was found. */
  readonly compilers: readonly FoundCompiler[]
  /** What `[toolchain-prefix]` names and is not there (buildman stops at these), and compilers that did not answer. */
  readonly problems: readonly string[]
  /** What was looked at and what came of it, for `--list-tool-chains -v`. */
  readonly trace: readonly string[]
}

/** Null where it fails. */
type Tried = FoundCompiler | 'silent' | null

type Candidate = { readonly gcc: string; readonly origin: CompilerOrigin; readonly arch?: string }

/** Milliseconds: a swapping computer or a cold network disk takes its time. */
const usualPatience = 60_000
/** For all others once one was silent, since many that hang would hold up everything for an hour. */
const shortPatience = 5000

/** `Env` is what PATH is taken from, `patience` how long a compiler may take, in milliseconds; tests give their own. */
export async function scanLocalToolchains(
  config: Pick<BuildmanConfig, 'toolchainPaths' | 'toolchainPrefixes'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
  patience = usualPatience,
): Promise<LocalToolchains> {
  const trace: string[] = []
  const problems: string[] = []
  const candidates: Candidate[] = []
  for (const { arch, prefix } of config.toolchainPrefixes) {
    const found = await findPrefix(prefix, env.PATH ?? '')
    const problem = found ? nameProblem(found.gcc) : 'there is no such compiler'
    if (found && problem === '') candidates.push({ ...found, arch })
    else problems.push(`[toolchain-prefix] ${arch} = ${prefix}: ${problem}`)
    trace.push(`prefix ${prefix}: ${found?.gcc ?? 'nothing found'}`)
  }
  const seen = new Set<string>()
  for (const { path, downloaded } of config.toolchainPaths) {
    for (const root of await expandPattern(path)) {
      for (const folder of [root, join(root, 'bin'), join(root, 'usr/bin')]) {
        const files = await compilerFiles(folder, seen)
        const origin = downloaded ? 'downloaded' : 'path'
        candidates.push(...files.map((gcc) => ({ gcc, origin }) as const))
        trace.push(`folder ${folder}: ${files.length} compilers`)
      }
    }
  }
  const compilers: FoundCompiler[] = []
  for (const [candidate, compiler] of await tryAll(candidates, patience)) {
    trace.push(`compiler ${candidate.gcc}: ${verdictOf(compiler)}`)
    if (compiler === 'silent') problems.push(`${candidate.gcc} did not answer, so it is left out`)
    else if (compiler) compilers.push(compiler)
  }
  return { compilers, problems, trace }
}

function verdictOf(compiler: Tried): string {
  if (compiler === 'silent') return 'does not answer'
  return compiler ? `works, ${compiler.arch}, priority ${compiler.priority}` : 'fails'
}

/** Make is given a prefix and adds `gcc` itself, so a compiler of another name would never run. */
function nameProblem(gcc: string): string {
  const name = basename(gcc)
  const run = `${name.slice(0, name.lastIndexOf('-') + 1)}gcc`
  return run === name ? '' : `make would run ${run} in its place; -O names another compiler`
}

async function findPrefix(prefix: string, pathList: string): Promise<Candidate | null> {
  if (await isProgram(prefix)) return { gcc: prefix, origin: 'prefix-full' }
  const gcc = `${prefix}gcc`
  if (await isProgram(gcc)) return { gcc, origin: 'prefix-gcc' }
  if (prefix.includes('/')) return null
  for (const folder of pathList.split(delimiter)) {
    const path = join(folder, gcc)
    if (folder !== '' && (await isProgram(path))) return { gcc: path, origin: 'prefix-on-path' }
  }
  return null
}

/** The `*gcc` files of a folder, sorted. `/bin` and `/usr/bin` are often one: the first name stays. */
async function compilerFiles(folder: string, seen: Set<string>): Promise<string[]> {
  try {
    const real = await realpath(folder)
    if (seen.has(real)) return []
    seen.add(real)
    const names = await readdir(real)
    const paths = names
      .filter((name) => compilerName(name) !== null)
      .sort()
      .map((name) => join(folder, name))
    const programs = await Promise.all(paths.map(isProgram))
    return paths.filter((_, index) => programs[index])
  } catch {
    // A folder that is not there, or not ours to read, has no compilers for us.
    return []
  }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** More at once would only make a slow disk slower. */
const AT_ONCE = 4

async function tryAll(
  candidates: readonly Candidate[],
  patience: number,
): Promise<[Candidate, Tried][]> {
  const results: [Candidate, Tried][] = []
  let limit = patience
  for (let at = 0; at < candidates.length; at += AT_ONCE) {
    const part = candidates.slice(at, at + AT_ONCE)
    const tried = await Promise.all(part.map((candidate) => tryCompiler(candidate, limit)))
    if (tried.includes('silent')) limit = Math.min(limit, shortPatience)
    part.forEach((candidate, index) => {
      results.push([candidate, tried[index] ?? null])
    })
  }
  return results
}

/** Usable when `gcc --version` returns 0. */
async function tryCompiler({ gcc, origin, arch }: Candidate, limit: number): Promise<Tried> {
  const flags = ['--version', '-dumpmachine']
  const [version = null, triple = null] = await Promise.all(
    flags.map((flag) => say(gcc, flag, limit)),
  )
  if (version === silence || triple === silence) return 'silent'
  if (version === null) return null
  return foundCompiler(gcc, origin, {
    versionLine: version.split('\n', 1)[0] ?? '',
    triple: triple?.trim() ?? '',
    ...(arch !== undefined && { arch }),
  })
}

const silence = Symbol('no answer in time')

/** What a compiler prints; null if it fails. */
async function say(
  gcc: string,
  flag: string,
  limit: number,
): Promise<string | typeof silence | null> {
  const env = { ...process.env, LC_ALL: 'C' }
  return promisify(execFile)(gcc, [flag], { env, timeout: limit, encoding: 'utf8' }).then(
    ({ stdout }) => stdout,
    (error: unknown) => (wasEnded(error) ? silence : null),
  )
}

function wasEnded(error: unknown): boolean {
  return error instanceof Error && 'killed' in error && error.killed === true
}

/**
 * The paths to try on other machines, as `ProbeOptions.bossCompilers` wants them: what lies below
 * the boss's home is meant below the home there.
 */
export function portablePaths(compilers: readonly FoundCompiler[], home: string): string[] {
  const below = `${home.replace(/\/+$/, '')}/`
  const paths = compilers.map(({ gcc }) =>
    gcc.startsWith(below) ? `~/${gcc.slice(below.length)}` : gcc,
  )
  return [...new Set(paths)]
}
