/** Which errors and warnings came and went between two sets of results. Pure. */
import { type Diagnostic, formatDiagnostic } from '../diagnostics/diagnostics.ts'
import { type ChangedFiles, changesSince, mayRebuildOthers, sourceFile } from './changes.ts'
import { type BuildFacts, isVerdict, type Results } from './facts.ts'

export type LineChange = {
  readonly sign: '+' | '-'
  /** `blob`: a missing blob; known to be so where it is allowed. */
  readonly kind: 'error' | 'warning' | 'blob'
  /** One line, as compilers write it. */
  readonly text: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** Boards that it hits, in the order of the board list. */
  readonly boards: readonly string[]
  /** The same for the same fault wherever it stands in its file. */
  readonly key: string
}

/**
 * The same fault at another line is the same: code above it moved. How often it is there is compared
 * apart from this.
 */
export function faultKey(found: Pick<Diagnostic, 'kind' | 'file' | 'text'>): string {
  // How deep make was in its own calls says nothing.
  const text = found.text.trim().replace(/^make\[\d+\](?=: )/, 'make')
  return `${found.kind}\n${sourceFile(found.file)}\n${text}`
}

const blobText =
  /missing (?:external )?blobs|faked (?:external )?blobs|is missing external blobs|Some images are invalid/

/** By place (line and column): one fault may stand at several of them, each of other boards. */
type Fault = Map<string, { readonly found: Diagnostic; readonly boards: Set<string> }>

/**
 * Errors and warnings that are new, then those that are gone; errors before warnings. A board that is
 * not built now says nothing: what it said before is not gone.
 */
export function compareLines(before: Results, now: Results): readonly LineChange[] {
  const was = collectFaults(before)
  const is = collectFaults(withVerdictsOf(before, now))
  const came = [...is].flatMap(([key, fault]) => difference(key, fault, was.get(key), '+'))
  const went = [...was].flatMap(([key, fault]) => difference(key, fault, is.get(key), '-'))
  return [...came, ...went].sort((a, b) => rank(a) - rank(b))
}

function rank({ sign, kind }: LineChange): number {
  return (sign === '+' ? 0 : 3) + ['error', 'warning', 'blob'].indexOf(kind)
}

function withVerdictsOf(before: Results, now: Results): Results {
  const filled = [...now].map(([board, result]) => {
    const last = before.get(board)
    return [board, last && !isVerdict(result.facts) ? last : result] as const
  })
  return new Map(filled)
}

function collectFaults(results: Results): Map<string, Fault> {
  const faults = new Map<string, Fault>()
  for (const [board, { facts }] of results) {
    if (!isVerdict(facts)) continue
    for (const found of facts.diagnostics) {
      const key = faultKey(found)
      let fault = faults.get(key)
      if (!fault) {
        fault = new Map()
        faults.set(key, fault)
      }
      const place = `${found.line}:${found.column}`
      const there = fault.get(place)
      if (there) there.boards.add(board)
      else fault.set(place, { found, boards: new Set([board]) })
    }
  }
  return faults
}

/** What `fault` has beyond `other`: a line for each place more. */
function difference(
  key: string,
  fault: Fault,
  other: Fault | undefined,
  sign: '+' | '-',
): readonly LineChange[] {
  const more = fault.size - (other?.size ?? 0)
  if (more <= 0) return []
  const places = [...fault].filter(([place]) => !other?.has(place)).slice(0, more)
  return places.map(([, { found, boards }]) => ({
    sign,
    kind: blobText.test(found.text) ? 'blob' : found.kind === 'error' ? 'error' : 'warning',
    text: formatDiagnostic(found),
    file: found.file,
    line: found.line,
    column: found.column,
    boards: [...boards],
    key,
  }))
}

/**
 * Warnings of the commit before that an incremental build could not repeat, because it did not compile
 * their files again. They are not gone. Only where the commit touched neither the file nor anything
 * that others include is this certain; otherwise a warning that did not come is gone.
 */
export function silentWarnings(
  before: BuildFacts,
  now: BuildFacts,
  changedFiles: ChangedFiles,
): readonly Diagnostic[] {
  if (now.fromScratch || changedFiles === null || changedFiles.some(mayRebuildOthers)) {
    return []
  }
  const said = new Set(now.diagnostics.map(faultKey))
  const changed = new Set(changedFiles)
  return before.diagnostics.filter(
    (found) =>
      found.kind === 'warning' &&
      found.tool === 'cc' &&
      found.file !== '' &&
      !said.has(faultKey(found)) &&
      !changed.has(sourceFile(found.file)),
  )
}

/** The results of a commit with the warnings that its incremental builds could not repeat. */
export function withSilentWarnings(
  before: Results,
  now: Results,
  changedFiles: ChangedFiles,
): Results {
  const next = new Map(now)
  for (const [board, { arch, facts }] of now) {
    const last = before.get(board)
    if (!isVerdict(facts) || !isVerdict(last?.facts)) continue
    const silent = silentWarnings(last.facts, facts, changesSince(last, changedFiles))
    if (silent.length === 0) continue
    const outcome = facts.outcome === 'ok' ? 'warnings' : facts.outcome
    const diagnostics = [...facts.diagnostics, ...silent]
    next.set(board, { arch, facts: { ...facts, outcome, diagnostics } })
  }
  return next
}

/**
 * Which commit (its place in `commits`) introduced each fault that is there in the end, by `faultKey`.
 * A fault that went and came again counts from when it came again.
 */
export function introducers(
  commits: readonly { readonly lines: readonly LineChange[] }[],
): ReadonlyMap<string, number> {
  const since = new Map<string, number>()
  for (const [index, { lines }] of commits.entries()) {
    for (const { sign, key } of lines) {
      if (sign === '-') since.delete(key)
      else since.set(key, index)
    }
  }
  return since
}
