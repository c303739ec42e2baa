import { delimiter, join } from 'node:path'
import type { Toolchain } from './toolchain.ts'

export type Environment = Readonly<Record<string, string>>

/** Of a make or a git above us: they would tie ours to a job server or a repository of theirs. */
const ofOurParents = new Set(
  [
    ['MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'MAKEOVERRIDES', 'MAKE_TERMOUT'],
    ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_PREFIX'],
    ['GIT_COMMON_DIR', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_NAMESPACE'],
  ].flat(),
)

/** What programs that we start inherit: our own environment, without what belongs to our parents. */
export function inheritedEnvironment(env: NodeJS.ProcessEnv): Environment {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !ofOurParents.has(entry[0]) && !entry[0].startsWith('ELECTRON_'),
  )
  return Object.fromEntries(kept)
}

export type EnvironmentParts = {
  readonly inherited: Environment
  readonly toolchain: Toolchain
  /** Put before the prefix, e.g. `distcc`; empty for none. */
  readonly wrapper: string
  /** Folder with compilers that are really ccache, and its settings; absent if it is not used. */
  readonly ccache?: { readonly bin: string; readonly env: Environment }
  /** Name the compiler by its path, and leave PATH alone. */
  readonly fullPath?: boolean
  /** Another compiler is named to make itself, so that no prefix may be in its way. */
  readonly overridden?: boolean
  /** The machine's own dtc, where that one is to be used. */
  readonly dtc?: string
}

/**
 * The environment of make (reference, section 5). Sandbox has no CROSS_COMPILE, thus no wrapper.
 */
export function makeEnvironment(parts: EnvironmentParts): Environment {
  const { CROSS_COMPILE: _, PATH = '', ...rest } = parts.inherited
  const { toolchain, wrapper, ccache, dtc, fullPath = false, overridden = false } = parts
  const folders = [ccache?.bin, fullPath ? '' : toolchain.path, PATH].filter((dir) => dir)
  const prefix = fullPath ? join(toolchain.path, toolchain.cross) : toolchain.cross
  const named = toolchain.cross !== '' && !overridden
  return {
    ...rest,
    ...ccache?.env,
    LC_ALL: 'C',
    PATH: folders.join(delimiter),
    ...(named && { CROSS_COMPILE: `${wrapper && `${wrapper} `}${prefix}` }),
    ...(dtc && { DTC: dtc }),
  }
}

const secretName =
  /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|COOKIE|SESSION|AUTH|API_?KEY|ACCESS_?KEY|_KEY$|^KEY$|_PAT$/i
const secretValue = /:\/\/[^/\s:@]+:[^/\s@]+@|-----BEGIN |\bgh[pousr]_\w{20,}|\beyJ[\w-]{10,}\.eyJ/
/** Ours, and different in each build: they would show as differences where there are none. */
const ofThisWorker = /^SLIPWAY_|^CCACHE_STATSLOG$|^MAKEFLAGS$/

/** What `out-env` says: sorted, `K="V"` a line, nothing that looks like a secret. */
export function describeEnvironment(env: Environment): string {
  return Object.keys(env)
    .filter((name) => !ofThisWorker.test(name) && !secretName.test(name))
    .filter((name) => !secretValue.test(env[name] ?? ''))
    .sort()
    .map((name) => `${name}="${env[name]}"\n`)
    .join('')
}
