import { formatDiagnostic, parseDiagnostics } from '../diagnostics/diagnostics.ts'
import type { Outcome } from '../model.ts'
import { type BuildFacts, diagnosticsOf, type Results } from './facts.ts'

/** A build for tests: what its tools said, and what else differs from a plain one. */
export function facts(outcome: Outcome, stderr = '', change: Partial<BuildFacts> = {}): BuildFacts {
  return {
    outcome,
    reason: '',
    lacks: [],
    diagnostics: diagnosticsOf(outcome, stderr),
    sizes: [],
    symbols: {},
    config: {},
    environment: {},
    footprint: null,
    fromScratch: false,
    ...change,
  }
}

/** Results by board; `x86` boards start with x, the others are arm. */
export function results(builds: Readonly<Record<string, BuildFacts | null>>): Results {
  return new Map(
    Object.entries(builds).map(([board, found]) => [
      board,
      { arch: board.startsWith('x') ? 'x86' : 'arm', facts: found },
    ]),
  )
}

export const warning = "../a/a.c:3:5: warning: unused variable 'x' [-Wunused-variable]\n"
export const error = "../b/b.c:7:1: error: 'y' undeclared\n"

/** The one line that a log's first diagnostic makes. */
export function lineOf(log: string): string {
  const [first] = parseDiagnostics(log).list
  return first ? formatDiagnostic(first) : ''
}
