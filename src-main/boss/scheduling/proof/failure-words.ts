import { isConsequence, parseDiagnostics } from '../../../../src-core/diagnostics/diagnostics.ts'

/** More lines than this say nothing that the first did not. */
const mostLines = 8
/** A message is compared by its beginning, characters. */
const longestLine = 200
/** What is read of a log, characters from its end: where make says why it stops. */
const readAtMost = 256 * 1024
/** Last lines that are compared where no tool says "error" in a way that we know. */
const lastLines = 3

/**
 * What a failed build said, in a form that can be compared between machines and boards: without
 * folders, numbers, addresses, colours and the board's name. `names` are the board's own names.
 * Empty if it said nothing at all.
 */
export function failureWords(stderr: string, names: readonly string[]): readonly string[] {
  const log = stderr.slice(-readAtMost)
  const errors = parseDiagnostics(log).list.filter(
    (found) => found.kind === 'error' && !isConsequence(found),
  )
  const said = errors.map(({ file, text }) => `${file === '' ? '' : `${file}: `}${text}`)
  const lines = said.length > 0 ? said : lastWords(log)
  const alike = lines.map((line) => normalisedLine(line, names)).filter((line) => line !== '')
  return [...new Set(alike)].slice(0, mostLines)
}

/** A line of a log without what differs between machines, folders and boards. */
export function normalisedLine(line: string, names: readonly string[]): string {
  let text = line.slice(0, 4 * longestLine)
  for (const name of names) if (name !== '') text = text.replaceAll(name, '<board>')
  return text
    .replace(escapes, '')
    .replace(temporary, '<file>')
    .replace(folders, '')
    .replace(numbers, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longestLine)
}

const escapes = /\u001b\[[0-9;]*[A-Za-z]/g
const temporary = /\/tmp\/[^\s:'"`]+/g
const folders = /(?:[^\s/:'"`()]*\/)+/g
const numbers = /0x[0-9a-fA-F]+|\d+/g

function lastWords(log: string): readonly string[] {
  const lines = log.split(/[\r\n]+/).filter((line) => line.trim() !== '')
  const own = lines.filter((line) => !/\*\*\* (?:\[|Waiting for)/.test(line))
  return (own.length > 0 ? own : lines).slice(-lastLines)
}
