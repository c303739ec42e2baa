import type { BuildSettings } from '../../../src-core/build-options/build-settings.ts'
import { optionList } from '../../../src-core/build-options/option-table.ts'
import type { WorkerSettingsInput } from '../../../src-worker/protocol/worker-settings.ts'

/**
 * The settings of a run in the words of the protocol.
 * @param wrapper of `[toolchain-wrapper]`; empty for none
 * @param outputCopy folder on the worker's computer that gets a copy of each build folder; empty for none
 */
export function workerSettings(
  settings: BuildSettings,
  wrapper: string,
  outputCopy = '',
): WorkerSettingsInput {
  const sent = optionList.flatMap(([key, { wire }]) => (wire ? [[wire, settings[key]]] : []))
  return {
    ...Object.fromEntries(sent),
    toolchain_wrapper: wrapper,
    ...(outputCopy !== '' && { output_copy: outputCopy }),
  }
}
