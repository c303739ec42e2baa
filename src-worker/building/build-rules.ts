/**
 * The rules of section 5 of the reference: when a board is configured, when a build is tried again,
 * and what a make's end means. Pure.
 */

import type { BuildReason } from '../protocol/protocol.ts'
import type { WorkerSettings } from '../protocol/worker-settings.ts'

export type RuleSettings = Pick<
  WorkerSettings,
  'mrproper' | 'fallback_mrproper' | 'config_only' | 'force_reconfig' | 'quick'
>

/** What one try of a build does. */
export type BuildTry = {
  readonly configure: boolean
  readonly mrproper: boolean
  readonly configOnly: boolean
  /** A Kconfig file or the board's defconfig is not what it was at the board's commit before. */
  readonly kconfigChanged: boolean
}

export type ConfigureQuestion = {
  readonly settings: RuleSettings
  /** Nothing of this board has been built in this slot's folder yet. */
  readonly first: boolean
  /** The last build of this board failed. */
  readonly lastFailed: boolean
  /** A Kconfig file or the board's defconfig differs from what was last configured. */
  readonly kconfigChanged: boolean
  /** `-a` or `-r` ask for changes of the configuration. */
  readonly adjusts: boolean
}

export function firstTry(question: ConfigureQuestion): BuildTry {
  const { settings, first, lastFailed, kconfigChanged, adjusts } = question
  const configure =
    first || settings.force_reconfig || adjusts || kconfigChanged || (lastFailed && !settings.quick)
  return {
    ...{ configure, mrproper: settings.mrproper, configOnly: settings.config_only },
    kconfigChanged: kconfigChanged && !first,
  }
}

/**
 * The second try after a failure, or null. An incremental build is tried again with a new
 * configuration; `again` (buildman's current source) is always tried again.
 */
export function secondTry(
  settings: RuleSettings,
  buildTry: BuildTry,
  again: boolean,
): BuildTry | null {
  if (settings.mrproper) return null
  if (again) return { ...buildTry, mrproper: settings.fallback_mrproper }
  if (buildTry.configure || settings.quick) return null
  return {
    ...buildTry,
    ...{ configure: true, mrproper: settings.fallback_mrproper, configOnly: false },
  }
}

/** Return code of a build that is to be done again, whatever came of it. */
export const BUILD_AGAIN = -1
/** Return code of a build that has no toolchain. */
export const NO_TOOLCHAIN = 10

/** The return code that counts, of what make returned and said. */
export function finalReturnCode(code: number, stderr: string): number {
  if (stderr.includes('No child processes')) return BUILD_AGAIN
  if (code === 2 && stderr.includes('Some images are invalid')) return 0
  return code
}

export type FailureSigns = {
  readonly stderr: string
  /** Kills by the kernel's out-of-memory killer during the build, on the whole machine. */
  readonly oomKills: number
  /** Room left where the build writes, bytes; null if unknown. */
  readonly freeBytes: number | null
}

/** A full disk often has this much left, in pieces too small to use. */
const CRUMBS = 1024 * 1024

/** What a failure comes from, where it is the machine's fault rather than the source's. */
export function failureReason(
  signs: FailureSigns,
): { readonly reason: BuildReason; readonly text: string } | null {
  const { stderr, oomKills, freeBytes } = signs
  const crumbsOnly = freeBytes !== null && freeBytes < CRUMBS
  if (crumbsOnly) {
    return { reason: 'disk full', text: 'the disk of the work folder is full: make room there' }
  }
  if (/No space left on device|Disk quota exceeded|I\/O error|\bENOSPC\b|\bEDQUOT\b/.test(stderr)) {
    const text = 'a disk is full, that of the work folder or of temporary files: make room there'
    return { reason: 'disk full', text }
  }
  const program = /Killed signal terminated program (\S+)/.exec(stderr)?.[1]
  if (program !== undefined || (oomKills > 0 && /\bKilled\b/.test(stderr))) {
    return {
      reason: 'out of memory',
      text: `${program ?? 'a program'} was killed, most likely for want of memory: fewer boards at once would help`,
    }
  }
  return null
}

/** A loop of Kconfig's questions: the same symbol without default asked for twice; else null. */
export function kconfigLoop(stdout: string): string | null {
  const start = stdout.indexOf('Restart config')
  if (start < 0) return null
  const seen = new Set<string>()
  for (const [, symbol = ''] of stdout.slice(start).matchAll(/\((\w+)\) \[\] \(NEW\)/g)) {
    if (seen.has(symbol)) return symbol
    seen.add(symbol)
  }
  return null
}

/**
 * Whether the files that changed between two commits ask for a new configuration of a board: any
 * `Kconfig*` (but not below dot-folders), or its own defconfig. Per board, so that one board's
 * defconfig does not reconfigure another.
 */
export function asksForConfigure(changed: readonly string[], defconfig: string): boolean {
  return changed.some((path) => {
    const folders = path.split('/')
    const leaf = folders.pop() ?? ''
    if (folders.some((f) => f.startsWith('.'))) return false
    return leaf.startsWith('Kconfig') || (folders[0] === 'configs' && leaf === defconfig)
  })
}
