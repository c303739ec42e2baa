/**
 * What stands in a board's folder (reference, section 4): from the result of a build to files and
 * back. Pure.
 */
import { firstErrors, parseDiagnostics } from '../../src-core/diagnostics/diagnostics.ts'
import type { ImageSize, Outcome } from '../../src-core/model.ts'
import { parseSizes } from './sizes.ts'

/** Everything that is known of a finished build. */
export type FinishedBuild = {
  /** Of the last make. `BUILD_AGAIN` where the machine, not the source, is to blame. */
  readonly returnCode: number
  readonly stdout: string
  /** Without the absolute path of the source. */
  readonly stderr: string
  readonly machine: string
  /** As in the file `sizes`; empty if there is no image. */
  readonly sizes: string
  /** One make command a line; empty if unknown. */
  readonly outCmd: string
  readonly outEnv: string
  readonly toolchain: Toolchain | null
  /** Other files of the folder by name: symbol sizes, configuration, `lines`. */
  readonly files: Readonly<Record<string, string>>
  readonly own: OwnFacts
}

type Toolchain = {
  readonly gcc: string
  readonly path: string
  readonly cross: string
  readonly arch: string
}

/** What buildman does not keep; in `slipway.json`. */
export type OwnFacts = {
  readonly runId: string
  /** Hash of the commit, or of the snapshot that stands for the current source. */
  readonly hash: string
  /** Of `settingsFingerprint`. */
  readonly settings: string
  readonly attempt: number
  readonly seconds: number
  readonly cpuSeconds: number
  /** Milliseconds since 1970. */
  readonly finishedAt: number
  /** Nothing was there to build upon, so that every warning showed. */
  readonly fromScratch: boolean
  /** Why it was stopped, or what was wrong with the machine; empty otherwise. */
  readonly reason: string
}

/** What a build's result means, as `BuildFinished` tells it. */
export type Verdict = {
  readonly outcome: Outcome
  readonly errors: number
  readonly warnings: number
  readonly firstErrors: readonly string[]
  readonly sizes: readonly ImageSize[]
}

/** In `done`: to be built again. */
export const BUILD_AGAIN = -1
/** What buildman stores for a board without toolchain. */
const NO_TOOLCHAIN_DONE = '2\n'
const noToolchain = /^Tool chain error for /

/** A board for which there is no compiler, as buildman would leave it. */
export function withoutToolchain(arch: string, reason: string, own: OwnFacts): FinishedBuild {
  return {
    returnCode: 10,
    stdout: '',
    stderr: `Tool chain error for ${arch}: ${reason}`,
    machine: '',
    sizes: '',
    outCmd: '',
    outEnv: '',
    toolchain: null,
    files: {},
    own,
  }
}

/** Return code and stderr decide (reference, section 5). */
export function outcomeOf(returnCode: number, stderr: string): Outcome {
  if (noToolchain.test(stderr)) return 'not built'
  if (returnCode !== 0) return 'failed'
  return stderr.trim() === '' ? 'ok' : 'warnings'
}

export function verdictOf(build: Pick<FinishedBuild, 'returnCode' | 'stderr' | 'sizes'>): Verdict {
  const outcome = outcomeOf(build.returnCode, build.stderr)
  const found = parseDiagnostics(build.stderr)
  const failed = outcome === 'failed'
  return {
    outcome,
    errors: failed ? Math.max(1, found.errors) : found.errors,
    warnings: outcome === 'warnings' ? Math.max(1, found.warnings) : found.warnings,
    firstErrors: failed ? firstErrors(found, build.stderr) : [],
    sizes: parseSizes(build.sizes),
  }
}

export const OWN_FILE = 'slipway.json'

/** Files that have a meaning here; a worker may not send others of these names. */
const ours = new Set([
  'done',
  'err',
  'log',
  'host',
  'sizes',
  'out-cmd',
  'out-env',
  'toolchain',
  OWN_FILE,
])

/** All files of the folder, in the order to write them; `done` is the last. */
export function boardFiles(
  build: FinishedBuild,
): readonly (readonly [name: string, text: string])[] {
  const { returnCode, toolchain, own } = build
  const unbuilt = noToolchain.test(build.stderr)
  const others = Object.entries(build.files).filter(
    ([name]) => /^[\w.][\w.+-]{0,100}$/.test(name) && name !== '..' && !ours.has(name),
  )
  const compiler = toolchain
    ? `gcc ${toolchain.gcc}\npath ${toolchain.path}\ncross ${toolchain.cross}\narch ${toolchain.arch}\n${returnCode}`
    : ''
  const optional: [string, string][] = [
    ['err', build.stderr],
    ['host', build.machine],
    ['sizes', build.sizes],
    ['out-cmd', build.outCmd],
    ['out-env', build.outEnv],
    ['toolchain', compiler],
    ...others,
  ]
  return [
    ['log', build.stdout],
    ...optional.filter(([, text]) => text !== ''),
    [OWN_FILE, JSON.stringify({ ...own, ...verdictOf(build), machine: build.machine })],
    ['done', unbuilt ? NO_TOOLCHAIN_DONE : String(returnCode)],
  ]
}

/** A return code, or null where there is no outcome: missing, empty, unreadable, or -1. */
export function parseDone(text: string): number | null {
  const code = /^\s*-?\d{1,9}\s*$/.test(text) ? Number(text) : BUILD_AGAIN
  return code === BUILD_AGAIN ? null : code
}
