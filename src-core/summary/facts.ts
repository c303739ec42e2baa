/** What summaries are made of: everything that is known of each build. Plain data. */

import { linesOf } from '../basics/lines.ts'
import { type Diagnostic, isConsequence, parseDiagnostics } from '../diagnostics/diagnostics.ts'
import type { ImageSize, Outcome } from '../model.ts'
import type { Footprint } from './footprint.ts'

/** Texts by name, e.g. of a configuration file or an environment. */
export type Values = Readonly<Record<string, string>>

export type BuildFacts = {
  readonly outcome: Outcome
  /** Why it was not built; empty otherwise. */
  readonly reason: string
  /** Firmware that its images were made without, so that they do not boot. */
  readonly lacks: readonly string[]
  /** Errors and warnings; what is there when no tool said a word in a form that we know, too. */
  readonly diagnostics: readonly Diagnostic[]
  readonly sizes: readonly ImageSize[]
  /** Bytes by image and symbol. */
  readonly symbols: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** By configuration file. */
  readonly config: Readonly<Record<string, Values>>
  /** Default environment of the firmware. */
  readonly environment: Values
  /** Null where it was not noted, or is not asked for. */
  readonly footprint: Footprint | null
  /** Nothing was there to build upon, so that every warning showed. */
  readonly fromScratch: boolean
}

export type BoardResult = {
  readonly arch: string
  /** Null where there is no outcome (yet). */
  readonly facts: BuildFacts | null
  /** Of a baseline: files that changed since `facts`, at commits where the board was not built. */
  readonly missed?: readonly string[] | null
  /** Of a baseline: commits after the one that its sizes are of; left out for none. */
  readonly sizesAge?: number
}

/** Results of one commit (or run) by board, in the order of the board list. */
export type Results = ReadonlyMap<string, BoardResult>

/** Whether the source was tried: a board that was not built says nothing about it. */
export function isVerdict(facts: BuildFacts | null | undefined): facts is BuildFacts {
  return facts !== null && facts !== undefined && facts.outcome !== 'not built'
}

/** Most lines that stand in for diagnostics; such a log is a flood. */
const MOST_LINES = 100

/**
 * The diagnostics of a build's stderr. Lines in no known form count as errors of a build that failed,
 * and as warnings of one that did not, as they do for its outcome. That a command failed is left out
 * where the command said why.
 */
export function diagnosticsOf(outcome: Outcome, stderr: string): readonly Diagnostic[] {
  if (outcome === 'ok' || outcome === 'not built') return []
  const kind = outcome === 'failed' ? 'error' : 'warning'
  const found = parseDiagnostics(stderr).list.filter((one) => one.kind !== 'note')
  const causes = found.filter((one) => !isConsequence(one))
  if (causes.some((one) => one.kind === kind)) return causes
  const lines = [...linesOf(stderr)].map((text) => text.trim())
  const unread = lines.filter(
    (text) => text !== '' && !found.some((one) => text.includes(one.text)),
  )
  return [
    ...(causes.length > 0 ? causes : found),
    ...unread.slice(0, MOST_LINES).map(asDiagnostic(kind)),
  ]
}

function asDiagnostic(kind: 'error' | 'warning'): (text: string) => Diagnostic {
  return (text) => ({ tool: 'shell', kind, file: '', line: 0, column: 0, text, logLine: 0 })
}
