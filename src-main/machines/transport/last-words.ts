import { linesOf } from '../../../src-core/basics/lines.ts'

const mostLines = 2
const mostCharacters = 200

/** The last lines that a program said before it left, as one sentence part; empty if it said nothing. */
export function lastWords(said: string): string {
  const lines = [...linesOf(said)].map((line) => line.trim()).filter((line) => line !== '')
  return lines.slice(-mostLines).join('; ').slice(0, mostCharacters)
}

/** Words after a sentence part that they explain; nothing where there are none. */
export function afterColon(words: string): string {
  return words === '' ? '' : `: ${words}`
}
