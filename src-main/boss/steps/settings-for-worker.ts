import { optionList } from '../../../src-core/build-options/option-table.ts'
import type { RunRequest } from '../../../src-core/model.ts'
import type { WorkerSettingsInput } from '../../../src-worker/protocol/worker-settings.ts'

/**
 * The settings of a run in the words of the protocol.
 * @param wrapper of `[toolchain-wrapper]`; empty for none
 */
export function workerSettings(request: RunRequest, wrapper: string): WorkerSettingsInput {
  const { settings, layout, outputDir } = request
  const sent = optionList.flatMap(([key, { wire }]) => (wire ? [[wire, settings[key]]] : []))
  return {
    ...Object.fromEntries(sent),
    toolchain_wrapper: wrapper,
    ...(layout === 'in the output folder' && { output_copy: outputDir }),
  }
}
