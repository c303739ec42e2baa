import type { BuildSettings } from '../../../src-core/build-options/build-settings.ts'
import { optionList } from '../../../src-core/build-options/option-table.ts'
import type { RunRequest } from '../../../src-core/model.ts'
import type { WorkerSettingsInput } from '../../../src-worker/protocol/worker-settings.ts'

type MoreSettings = {
  /** Of `mayLeaveOut`. */
  readonly leavesOut?: boolean
  /** Folder on the worker's computer that gets a copy of each build folder; empty for none. */
  readonly outputCopy?: string
  /** Address of a compiler cache of all machines; empty for none. */
  readonly remoteCache?: string
}

/**
 * The settings of a run in the words of the protocol.
 * @param wrapper of `[toolchain-wrapper]`; empty for none
 */
export function workerSettings(
  settings: BuildSettings,
  wrapper: string,
  { leavesOut = false, outputCopy = '', remoteCache = '' }: MoreSettings = {},
): WorkerSettingsInput {
  const sent = optionList.flatMap(([key, { wire }]) => (wire ? [[wire, settings[key]]] : []))
  return {
    ...Object.fromEntries(sent),
    skip_unaffected: leavesOut && outputCopy === '',
    toolchain_wrapper: wrapper,
    ...(remoteCache !== '' && { remote_cache: remoteCache }),
    ...(outputCopy !== '' && { output_copy: outputCopy }),
  }
}

/**
 * Whether a commit that can't change a board may have the result of another one. Its images would name
 * that one, so who wants images wants builds; and so does who asks for the current source, or again.
 */
export function mayLeaveOut({ settings, commits, rerun }: RunRequest): boolean {
  const { buildUnaffected, force, keepOutputs, digests } = settings
  const wantsBuilds = buildUnaffected || force || keepOutputs || digests
  return !wantsBuilds && commits.kind !== 'current' && rerun === undefined
}
