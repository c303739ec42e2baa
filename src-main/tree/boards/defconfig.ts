/** `configs/*_defconfig` and fragments: the lines that set symbols, with `#include` followed. */

import { LONGEST_VALUE_LINE, linesOf } from '../../../src-core/basics/lines.ts'
import type { SymbolAssignment } from '../kconfig/kconfig-evaluator.ts'

const deepestInclude = 20

/** Reads a file of the tree; null if it is not there. Paths are relative to the tree. */
type ReadFile = (path: string) => string | null

/**
 * The assignments of a defconfig in order. A file with `#include` counts as preprocessed first, as
 * the build does with cpp: C comments vanish, and included files stand in the line's place.
 * @param onProblem told in words about an included file that is missing
 */
export function readDefconfig(
  path: string,
  read: ReadFile,
  onProblem: (problem: string) => void,
): SymbolAssignment[] {
  const assignments: SymbolAssignment[] = []

  function add(file: string, text: string, depth: number): void {
    const preprocessed = depth > 0 || text.includes('#include')
    const plain = preprocessed ? withoutComments(text) : text
    for (const line of linesOf(plain, LONGEST_VALUE_LINE)) {
      const included = preprocessed ? includedFile(line) : null
      if (included === null) parseLine(line, assignments)
      else include(file, included, depth)
    }
  }

  function include(from: string, name: string, depth: number): void {
    const beside = from.replace(/[^/]*$/, '') + name
    const found = depth < deepestInclude && [beside, name].find((file) => read(file) !== null)
    if (found) add(found, read(found) ?? '', depth + 1)
    else onProblem(`${from}: cannot include ${name}`)
  }

  const text = read(path)
  if (text === null) onProblem(`${path}: cannot be read`)
  else add(path, text, 0)
  return assignments
}

function parseLine(line: string, assignments: SymbolAssignment[]): void {
  if (line.startsWith('CONFIG_')) {
    const equals = line.indexOf('=')
    if (equals < 0) return
    const value = line.slice(equals + 1).trimEnd()
    assignments.push({ name: line.slice('CONFIG_'.length, equals), value })
  } else if (line.startsWith('# CONFIG_')) {
    const name = /^# CONFIG_([^ ]+) is not set/.exec(line)?.[1]
    if (name !== undefined) assignments.push({ name, value: 'n' })
  }
}

function includedFile(line: string): string | null {
  return /^\s*#\s*include\s*["<]([^">]+)[">]/.exec(line)?.[1] ?? null
}

/** C comments vanish, but not inside quotes, nor `//` in a URL there. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g, (part) =>
    part.startsWith('"') ? part : '',
  )
}
