/**
 * Which boards of a tree to build, in buildman's language: terms are regular expressions, matched
 * from the start of a board's target, arch, cpu, board, vendor, soc and config. Several terms mean
 * OR, `&` means AND. Pure and quick, so that the window selects as one types.
 */
import type { Board } from '../model.ts'
import { compileExpression } from './regular-expression.ts'

/** What a person typed. */
export type SelectionQuery = {
  /** Terms, separated by white space; none at all selects everything. */
  readonly terms: string
  /** Expressions, separated by commas; a board that one of them matches is left out. */
  readonly exclude: string
  /** Exact targets, separated by commas or white space. They count only where there are no terms. */
  readonly boards: string
}

export const everything: SelectionQuery = { terms: '', exclude: '', boards: '' }

/** Something in the query that cannot be understood: `length` characters from `at` in that field. */
export type SelectionProblem = {
  readonly field: 'terms' | 'exclude'
  readonly at: number
  readonly length: number
  readonly message: string
}

/** Boards that match every one of its expressions. `text` is how buildman names it: `arm&freescale`. */
type Term = { readonly text: string; readonly expressions: readonly Expression[] }

type Expression = { readonly source: string; readonly matchesStart: (text: string) => boolean }

export type Selection = {
  readonly terms: readonly Term[]
  readonly exclude: readonly Expression[]
  readonly names: readonly string[]
}

export type ParsedSelection =
  | { readonly ok: true; readonly selection: Selection }
  | { readonly ok: false; readonly problems: readonly SelectionProblem[] }

/** Characters of a query's field. All boards of a tree by name are half as long. */
const longestField = 100_000

/** Reads a query; every problem in it is reported, not only the first. */
export function parseSelection(query: SelectionQuery): ParsedSelection {
  const problems = tooLong(query)
  if (problems.length > 0) return { ok: false, problems }
  const known = new Map<string, ReturnType<typeof compileExpression>>()

  function expressionAt(field: 'terms' | 'exclude', source: string, at: number): Expression | null {
    const compiled = known.get(source) ?? compileExpression(source)
    known.set(source, compiled)
    if (compiled.ok) return { source, matchesStart: compiled.matchesStart }
    problems.push({ ...compiled.problem, field, at: at + compiled.problem.at })
    return null
  }

  const terms = splitTerms(query.terms, problems).map((words) => ({
    text: words.map(({ text }) => text).join('&'),
    expressions: words.map(({ text, at }) => expressionAt('terms', text, at)).filter(isPresent),
  }))
  const exclude = [...query.exclude.matchAll(/[^\s,]+/g)]
    .map((match) => expressionAt('exclude', match[0], match.index))
    .filter(isPresent)
  if (problems.length > 0) return { ok: false, problems }
  const names = query.boards.split(/[\s,]+/).filter((name) => name !== '')
  return { ok: true, selection: { terms, exclude, names } }
}

function tooLong(query: SelectionQuery): SelectionProblem[] {
  const fields = (['terms', 'exclude'] as const).filter(
    (field) => query[field].length > longestField,
  )
  const message = `more than ${longestField} characters are no list of boards`
  return fields.map((field) => ({ field, at: longestField, length: 1, message }))
}

type Word = { readonly text: string; readonly at: number }

/** `a & b c` is two terms, (a and b) and c: an `&` binds its neighbours, white space or not. */
function splitTerms(text: string, problems: SelectionProblem[]): Word[][] {
  const terms: Word[][] = []
  let joins = false
  for (const match of text.matchAll(/&|[^\s&]+/g)) {
    const word = { text: match[0], at: match.index }
    const last = terms.at(-1)
    if (word.text === '&') {
      joins = true
      if (last === undefined) problems.push(nothingBefore(word.at))
    } else if (joins && last !== undefined) {
      last.push(word)
      joins = false
    } else {
      terms.push([word])
      joins = false
    }
  }
  return terms
}

function nothingBefore(at: number): SelectionProblem {
  return { field: 'terms', at, length: 1, message: 'there is nothing before this & to combine' }
}

function isPresent<T>(value: T | null): value is T {
  return value !== null
}

export type TermCount = { readonly term: string; readonly targets: readonly string[] }

export type SelectedBoards = {
  /** In the order of the list. */
  readonly boards: readonly Board[]
  /** Per term, in the order typed. A board counts for the first term that it matches. */
  readonly counts: readonly TermCount[]
  /** Names that no board has. */
  readonly notFound: readonly string[]
  /** Names that were given beside terms, and so do not count. */
  readonly ignored: readonly string[]
}

/** Applies a selection to a tree's boards. */
export function selectBoards(boards: readonly Board[], selection: Selection): SelectedBoards {
  const { terms, exclude } = selection
  const matches = matcherFor(boards)
  const names = resolveNames(selection.names, boards)
  const byTerm = new Map(terms.map(({ text }) => [text, [] as string[]]))

  const selected = boards.filter((board, at) => {
    const term = terms.find(({ expressions }) => expressions.every((each) => matches(each, at)))
    const wanted =
      terms.length > 0 ? term !== undefined : names.size === 0 || names.has(board.target)
    if (!wanted || exclude.some((expression) => matches(expression, at))) return false
    if (term !== undefined) byTerm.get(term.text)?.push(board.target)
    return true
  })
  const notFound = [...names].filter(([, found]) => !found).map(([name]) => name)
  return {
    boards: selected,
    counts: [...byTerm].map(([term, targets]) => ({ term, targets })),
    notFound,
    ignored: terms.length > 0 ? [...names.keys()].filter((name) => !notFound.includes(name)) : [],
  }
}

/**
 * The names, and whether a board has each. An extended board's name has a comma (`NAME,base`), so two
 * neighbours count as one where the first alone is no board.
 */
function resolveNames(names: readonly string[], boards: readonly Board[]): Map<string, boolean> {
  const targets = new Set(boards.map(({ target }) => target))
  const resolved = new Map<string, boolean>()
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? ''
    const pair = `${name},${names[at + 1]}`
    if (!targets.has(name) && targets.has(pair)) {
      resolved.set(pair, true)
      at++
    } else {
      resolved.set(name, targets.has(name))
    }
  }
  return resolved
}

const matchedFields = ['target', 'arch', 'cpu', 'board', 'vendor', 'soc', 'config'] as const

/**
 * A board list, indexed: 1,500 boards have 10,000 fields but 2,000 different texts, and while one
 * types, all expressions but one are those of a moment ago.
 */
type BoardIndex = {
  readonly texts: readonly string[]
  /** One index into `texts` per field, board after board. */
  readonly fields: Uint32Array
  /** Per expression and text: 1 if it matches. */
  readonly matches: Map<string, Uint8Array>
}

const indexes = new WeakMap<readonly Board[], BoardIndex>()
const mostExpressions = 500

function matcherFor(boards: readonly Board[]): (expression: Expression, board: number) => boolean {
  const index = indexes.get(boards) ?? indexBoards(boards)
  indexes.set(boards, index)
  const { fields } = index
  return (expression, board) => {
    const matches = matchesOf(expression, index)
    const end = (board + 1) * matchedFields.length
    for (let at = board * matchedFields.length; at < end; at++) {
      if (matches[fields[at] ?? 0] === 1) return true
    }
    return false
  }
}

function matchesOf({ source, matchesStart }: Expression, index: BoardIndex): Uint8Array {
  const known = index.matches.get(source)
  if (known !== undefined) return known
  const matches = new Uint8Array(index.texts.length)
  index.texts.forEach((text, at) => {
    if (matchesStart(text)) matches[at] = 1
  })
  if (index.matches.size >= mostExpressions) index.matches.clear()
  index.matches.set(source, matches)
  return matches
}

function indexBoards(boards: readonly Board[]): BoardIndex {
  const texts = new Map<string, number>()
  const fields = new Uint32Array(boards.length * matchedFields.length)
  let next = 0
  for (const board of boards) {
    for (const field of matchedFields) {
      const text = board[field]
      let at = texts.get(text)
      if (at === undefined) {
        at = texts.size
        texts.set(text, at)
      }
      fields[next++] = at
    }
  }
  return { texts: [...texts.keys()], fields, matches: new Map() }
}

/** Properties by which people pick boards with a click. */
export const chipFields = ['arch', 'vendor', 'soc'] as const
export type ChipField = (typeof chipFields)[number]

/** Picked values per property; no value of a property picked means any. */
export type ChipChoice = Readonly<Record<ChipField, readonly string[]>>

export const noChips: ChipChoice = { arch: [], vendor: [], soc: [] }

export type Chip = { readonly value: string; readonly count: number }

/** Values of a property with their counts, most frequent first; an empty text is "none". */
export function chipsOf(boards: readonly Board[], field: ChipField): Chip[] {
  const counts = new Map<string, number>()
  for (const board of boards) counts.set(board[field], (counts.get(board[field]) ?? 0) + 1)
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

/** Boards that have one of the picked values of every property. */
export function pickByChips(boards: readonly Board[], choice: ChipChoice): readonly Board[] {
  const picked = chipFields.filter((field) => choice[field].length > 0)
  if (picked.length === 0) return boards
  return boards.filter((board) => picked.every((field) => choice[field].includes(board[field])))
}
