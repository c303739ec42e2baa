/**
 * What `--full-check` asks of each defconfig: one of the tree's `TARGET_...` options is set, and no
 * second one, so that a board is one board. Pure.
 */
import type { KconfigModel } from '../kconfig/kconfig-model.ts'

/** The options of the tree that say which board this is. */
export function targetOptions({ symbols }: Pick<KconfigModel, 'symbols'>): readonly string[] {
  return [...symbols.values()]
    .filter(({ name, type }) => name.startsWith('TARGET_') && type !== 'unknown')
    .map(({ name }) => name)
}

/** What is wrong with a board that has just these options set, in words; null if nothing is. */
export function targetProblem(target: string, set: readonly string[]): string | null {
  const [first, ...others] = set
  if (first === undefined) return `${target}_defconfig: no TARGET_... option is set`
  if (others.length === 0) return null
  return `${target}_defconfig: ${set.length} TARGET_... options are set: ${set.join(', ')}`
}
