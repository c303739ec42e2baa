/**
 * Regular expressions that people type: linear-time, so that none of them can hang the window, and
 * with errors that point at the place. The syntax is RE2's; what it lacks of Python's is said by name.
 */
import { RE2JS } from 're2js'

/** What is wrong, and where: characters from `at` in the expression, `length` of them. */
export type ExpressionProblem = {
  readonly message: string
  readonly at: number
  readonly length: number
}

export type CompiledExpression =
  /** Whether the expression matches at the start of the text; it need not reach the end. */
  | { readonly ok: true; readonly matchesStart: (text: string) => boolean }
  | { readonly ok: false; readonly problem: ExpressionProblem }

/** The last ones, because while one types, all but one are those of a moment ago. */
const compiled = new Map<string, CompiledExpression>()
const mostCompiled = 500

/** In characters. Boards by the hundred are named in a file. */
const longestExpression = 4096

export function compileExpression(source: string): CompiledExpression {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const result = compileNew(source)
  if (compiled.size >= mostCompiled) compiled.clear()
  compiled.set(source, result)
  return result
}

function compileNew(source: string): CompiledExpression {
  if (source.length > longestExpression) {
    const message = `an expression has at most ${longestExpression} characters`
    return { ok: false, problem: { message, at: longestExpression, length: 1 } }
  }
  // Most terms are plain words, and need no engine.
  const word = /^\^?([\w-]+)(\$?)$/.exec(source)
  if (word !== null) {
    const [, text = '', end] = word
    const matchesStart = (name: string) => (end ? name === text : name.startsWith(text))
    return { ok: true, matchesStart }
  }
  try {
    // On its own first: inside the group below, `a)(b` would pass.
    RE2JS.compile(source, RE2JS.LOOKBEHINDS)
    const anchored = RE2JS.compile(`^(?:${source})`, RE2JS.LOOKBEHINDS)
    return { ok: true, matchesStart: (text) => anchored.test(text) }
  } catch (error) {
    return { ok: false, problem: explain(source, error) }
  }
}

/** What RE2 cannot do in linear time, or spells otherwise. */
const unsupported: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  { pattern: /\(\?[=!]/, message: 'look-ahead is not supported: leave boards out with an exclude' },
  { pattern: /\\[1-9]|\(\?P=\w*\)?/, message: 'references back to a group are not supported' },
  { pattern: /\(\?>/, message: 'atomic groups are not supported, and not needed' },
  { pattern: /[*+?}]\+/, message: 'possessive repetition is not supported, and not needed' },
  { pattern: /\\Z/, message: 'write $ instead of \\Z' },
]

/** The library names the part that it stumbled over, but not where that stands. */
function explain(source: string, error: unknown): ExpressionProblem {
  for (const { pattern, message } of unsupported) {
    const match = pattern.exec(source)
    if (match !== null) return { message, at: match.index, length: match[0].length }
  }
  const { reason, part } = syntaxError(error)
  switch (reason) {
    case 'missing closing )':
      return { message: 'this ( is never closed', at: unbalanced(source, '('), length: 1 }
    case 'unexpected )':
      return { message: 'this ) closes nothing', at: unbalanced(source, ')'), length: 1 }
    case 'missing closing ]':
      return { message: 'this [ is never closed', at: source.length - part.length, length: 1 }
    case 'missing argument to repetition operator':
      return { message: 'there is nothing before this to repeat', ...spanOf(part, source) }
    case 'trailing backslash at end of expression':
      return { message: 'the backslash has nothing to escape', at: source.length - 1, length: 1 }
    default:
      return { message: reason, ...spanOf(part, source) }
  }
}

function syntaxError(error: unknown): { reason: string; part: string } {
  const { error: reason, input: part } = Object(error) as { error?: unknown; input?: unknown }
  return {
    reason: typeof reason === 'string' ? reason : String(error),
    part: typeof part === 'string' ? part : '',
  }
}

function spanOf(part: string, source: string): { at: number; length: number } {
  const at = part === '' ? -1 : source.lastIndexOf(part)
  return at < 0 ? { at: 0, length: source.length } : { at, length: part.length }
}

/** Index of the parenthesis that has no counterpart; escapes and classes do not count. */
function unbalanced(source: string, which: '(' | ')'): number {
  const open: number[] = []
  for (const match of source.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]/gs)) {
    if (match[0] === '(') open.push(match.index)
    else if (match[0] === ')' && open.pop() === undefined && which === ')') return match.index
  }
  return open.at(-1) ?? 0
}
