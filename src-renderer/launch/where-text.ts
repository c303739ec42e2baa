import { listed, plural } from '../../src-core/basics/words.ts'
import type { ProviderWish } from '../../src-core/provider.ts'

/** `all 3 machines, and up to 4 of cluster`: who takes part in the next run, beside this computer. */
export function whereText(
  used: number,
  all: number,
  distribute: boolean,
  wishes: readonly ProviderWish[],
): string {
  const asked = listed(wishes.map(({ name, nodes }) => `up to ${nodes} of ${name}`))
  const own =
    all === 0
      ? 'no machines yet'
      : used === all && all > 1
        ? `all ${plural(all, 'machine')}`
        : used === all
          ? '1 machine'
          : `${used} of ${plural(all, 'machine')}`
  if (asked === '') return own
  return all === 0 || !distribute ? asked : `${own}, and ${asked}`
}
