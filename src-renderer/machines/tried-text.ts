import { plural } from '../../src-core/basics/words.ts'
import type { MachineStatus } from '../../src-core/model.ts'

/** What a machine that takes work says of itself, in a sentence or two. */
export function triedText({ facts, slots, toolchains }: MachineStatus): string {
  if (facts === null) return 'It works.'
  const archs = toolchains.map(({ arch }) => arch)
  const compilers = archs.length > 0 ? `Compilers for ${archs.join(', ')}.` : 'No compilers yet.'
  const place = `${facts.hostname}, ${facts.arch}, ${plural(slots, 'board')} at once`
  return `It works: ${place}. ${compilers}`
}
