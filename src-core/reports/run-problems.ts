import { sourceFile } from '../summary/changes.ts'
import type { Results } from '../summary/facts.ts'
import { compareLines, introducers, type LineChange } from '../summary/lines.ts'
import { beforeSeries, type Summary } from '../summary/summary.ts'

/** An error or a warning with all boards that it hits, wherever it stands in its file. */
export type RunProblem = {
  readonly kind: LineChange['kind']
  /** One line, as compilers write it. */
  readonly text: string
  /** The same without place and kind. */
  readonly message: string
  /** In the tree, or absolute; empty where none is named. */
  readonly file: string
  /** From 1; 0 where the tool does not say. */
  readonly places: readonly { readonly line: number; readonly column: number }[]
  /** In the order of the board list. */
  readonly boards: readonly string[]
  /** Index of the commit that it came with. */
  readonly since: number
  /** 16 hex digits, the same in every run in which the problem is the same. */
  readonly fingerprint: string
}

/** More than anybody reads, and a bound for what is written. */
export const mostProblems = 2000

/**
 * The problems of the results that a series has left, those of most boards first, errors before warnings;
 * at most `mostProblems`.
 */
export function problemsOf(
  standing: Results,
  summaries: readonly Pick<Summary, 'lines'>[],
): readonly RunProblem[] {
  const since = introducers(summaries)
  const groups = new Map<string, LineChange[]>()
  for (const line of compareLines(beforeSeries(standing), standing)) {
    const text = normalised(line)
    const group = groups.get(text)
    if (group) group.push(line)
    else groups.set(text, [line])
  }
  const order = new Map([...standing.keys()].map((board, index) => [board, index]))
  const problems = [...groups].map(([text, lines]) => problemOf(text, lines, order, since))
  const severity = ({ kind }: RunProblem) => (kind === 'error' ? 0 : 1)
  return problems
    .sort((a, b) => severity(a) - severity(b) || b.boards.length - a.boards.length)
    .slice(0, mostProblems)
}

function problemOf(
  text: string,
  lines: readonly LineChange[],
  order: ReadonlyMap<string, number>,
  since: ReadonlyMap<string, number>,
): RunProblem {
  const [first] = lines
  const boards = [...new Set(lines.flatMap((line) => line.boards))]
  return {
    kind: first?.kind ?? 'error',
    text: first?.text ?? '',
    message: first ? messageOf(first) : '',
    file: sourceFile(first?.file ?? ''),
    places: lines.map(({ line, column }) => ({ line, column })),
    boards: boards.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
    since: Math.min(...lines.map(({ key }) => since.get(key) ?? 0)),
    fingerprint: fnv64(text),
  }
}

/** The text is the last part of a fault's key. */
function messageOf({ key }: Pick<LineChange, 'key'>): string {
  return key.split('\n').slice(2).join(' ')
}

/** A problem without what differs between two runs of it: addresses, temporary files, counts. */
function normalised({ kind, file, key }: LineChange): string {
  const message = messageOf({ key })
    .replace(/\/tmp\/\S+/g, '/tmp/…')
    .replace(/\b0x[0-9a-f]+\b/gi, '0x…')
    .replace(/\b\d+\b/g, '…')
    .replace(/\s+/g, ' ')
  return [kind, sourceFile(file), message].join('\n')
}

const prime = 0x100000001b3n
const offset = 0xcbf29ce484222325n

/** FNV-1a of 64 bits, over the UTF-8 of a text: no secret, only a name. */
function fnv64(text: string): string {
  let hash = offset
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime)
  }
  return hash.toString(16).padStart(16, '0')
}
