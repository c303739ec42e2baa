import { splitWords } from '../../src-core/basics/split-words.ts'
import type { BuildmanConfig } from './read-config.ts'

/** Ours; buildman would loop for ever on a value that refers to itself. */
const MAX_REFERENCES = 1000

/**
 * The extra make words of a board from `[make-flags]`: `${name}` is another value of the section
 * (empty if unknown), `${target}` the board; double quotes group words and vanish. A value that
 * refers to itself without end gives the words up to there. Source: the reference, section 1.
 */
export function makeFlagsFor(config: Pick<BuildmanConfig, 'makeFlags'>, target: string): string[] {
  const flags = config.makeFlags.get(target)
  return flags === undefined ? [] : splitWords(resolveReferences(flags, config.makeFlags, target))
}

function resolveReferences(
  flags: string,
  values: ReadonlyMap<string, string>,
  target: string,
): string {
  let text = flags
  for (let i = 0; i < MAX_REFERENCES; i++) {
    const reference = /\$\{([-_a-zA-Z0-9]+)\}/.exec(text)
    if (reference === null) return text
    const name = reference[1] ?? ''
    const value = name === 'target' ? target : (values.get(name) ?? '')
    text =
      text.slice(0, reference.index) + value + text.slice(reference.index + reference[0].length)
    if (text.length > 100_000) break
  }
  return text.replace(/\$\{[-_a-zA-Z0-9]+\}/g, '')
}

/** With these make makes nothing, or takes what fails for well, and ends with 0. */
const deceivingLetters = 'nqtihv'
const deceivingWords = [
  '--dry-run',
  '--just-print',
  '--recon',
  '--question',
  '--touch',
  '--ignore-errors',
  '--help',
  '--version',
]
/** Letters that take what follows them, in the same word, for their value. */
const withValue = 'CfIjlOoWE'

/** The first word with which make would end well whatever the source is; undefined where there is none. */
export function deceivingFlag(words: readonly string[]): string | undefined {
  return words.find((word) => {
    // make takes the beginning of a long name, too.
    if (word.startsWith('--')) return deceivingWords.some((name) => name.startsWith(word))
    if (!word.startsWith('-')) return false
    for (const letter of word.slice(1)) {
      if (withValue.includes(letter)) return false
      if (deceivingLetters.includes(letter)) return true
    }
    return false
  })
}
