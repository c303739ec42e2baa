import { isConsequence } from '../../../src-core/diagnostics/diagnostics.ts'
import type { Diagnosis } from '../../../src-preload/contract.ts'

/**
 * Diagnoses without those that only repeat that something failed (`make: *** ... Error 2`), unless
 * nothing else says why.
 */
export function causes(diagnostics: readonly Diagnosis[]): readonly Diagnosis[] {
  const told = diagnostics.filter(({ kind, text }) => kind !== 'error' || !repeats(text))
  return told.some(({ kind }) => kind === 'error') ? told : diagnostics
}

function repeats(text: string): boolean {
  return isConsequence({ tool: 'make', text }) || isConsequence({ tool: 'ld', text })
}
