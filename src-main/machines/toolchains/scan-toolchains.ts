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
  /** What `[toolchain-prefix]` names and is not there; buildman stops at these. */
  readonly problems: readonly string[]
  /** What was looked at and what came of it, for `--list-tool-chains -v`. */
  readonly trace: readonly string[]
}

type Candidate = { readonly gcc: string; readonly origin: CompilerOrigin; readonly arch?: string }

/** `Env` is what PATH is taken from; tests give their own. */
export async function scanLocalToolchains(
  config: Pick<BuildmanConfig, 'toolchainPaths' | 'toolchainPrefixes'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
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
  for (const [candidate, compiler] of await tryAll(candidates)) {
    const verdict = compiler ? `works, ${compiler.arch}, priority ${compiler.priority}` : 'fails'
    trace.push(`compiler ${candidate.gcc}: ${verdict}`)
    if (compiler) compilers.push(compiler)
  }
  return { compilers, problems, trace }
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
): Promise<[Candidate, FoundCompiler | null][]> {
  const results: [Candidate, FoundCompiler | null][] = []
  for (let at = 0; at < candidates.length; at += AT_ONCE) {
    const part = candidates.slice(at, at + AT_ONCE)
    const tried = await Promise.all(part.map(tryCompiler))
    part.forEach((candidate, index) => {
      results.push([candidate, tried[index] ?? null])
    })
  }
  return results
}

/** Usable when `gcc --version` returns 0. */
async function tryCompiler({ gcc, origin, arch }: Candidate): Promise<FoundCompiler | null> {
  const [version, triple] = await Promise.all([say(gcc, '--version'), say(gcc, '-dumpmachine')])
  if (version === null) return null
  return foundCompiler(gcc, origin, {
    versionLine: version.split('\n', 1)[0] ?? '',
    triple: triple?.trim() ?? '',
    ...(arch !== undefined && { arch }),
  })
}

/** What a compiler prints; null if it fails, or says nothing for 5 s. */
async function say(gcc: string, flag: string): Promise<string | null> {
  const env = { ...process.env, LC_ALL: 'C' }
  return promisify(execFile)(gcc, [flag], { env, timeout: 5000, encoding: 'utf8' }).then(
    ({ stdout }) => stdout,
    () => null,
  )
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
