import type { MachineConfig } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import type { BuildmanConfig } from '../buildman-config/read-config.ts'

/**
 * The machines of a run, in the order of `[machines]`: all of them, or those that `--use-machines`
 * names. Names are lower case there, so they may be given in any case here.
 */
export function selectMachines(
  config: Pick<BuildmanConfig, 'file' | 'machines'>,
  names: readonly string[],
): Result<readonly MachineConfig[]> {
  if (names.length === 0) return ok(config.machines)
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  const known = new Set(config.machines.map(({ name }) => name))
  const unknown = [...wanted].filter((name) => !known.has(name))
  if (unknown.length > 0) {
    const list = known.size > 0 ? `there are: ${[...known].join(', ')}` : 'there are none'
    return fail(`[machines] in ${config.file} has no ${unknown.join(', ')}`, list)
  }
  return ok(config.machines.filter(({ name }) => wanted.has(name)))
}
