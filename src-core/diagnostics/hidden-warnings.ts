import { parseDiagnostics } from './diagnostics.ts'

/** Kinds of warnings that a person may not want to see. */
export type HiddenWarnings = {
  /** Those of the device-tree compiler. */
  readonly dtc: boolean
  /** Boxed notices that a board is to migrate to something by some release. */
  readonly migration: boolean
}

const boxBegins = /^=+ WARNING =+$/
const boxEnds = /^=+$/
/** What dtc adds to a warning, indented. */
const dtcDetail = /^\s+(?:also defined at|hint:)/

/** What a build said without the warnings that are to be hidden. */
export function withoutWarnings(stderr: string, { dtc, migration }: HiddenWarnings): string {
  if (!dtc && !migration) return stderr
  let inBox = false
  let afterDtc = false
  const kept = stderr.split('\n').filter((raw) => {
    const line = raw.trimEnd()
    if (migration && (inBox || boxBegins.test(line))) {
      inBox = boxBegins.test(line) || !boxEnds.test(line)
      return false
    }
    afterDtc = dtc && (isDtcWarning(line) || (afterDtc && dtcDetail.test(line)))
    return !afterDtc
  })
  return kept.join('\n')
}

function isDtcWarning(line: string): boolean {
  if (!line.includes('Warning')) return false
  const [found] = parseDiagnostics(line).list
  return found?.tool === 'dtc' && found.kind === 'warning'
}
