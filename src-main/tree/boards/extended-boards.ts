/**
 * Extended boards: `configs/*.buildman` files say which boards exist once more with configuration
 * fragments added, e.g. every sandbox board with a sanitizer. Source: the reference, section 2.
 */
import { RE2JS } from 're2js'
import { LONGEST_VALUE_LINE, linesOf } from '../../../src-core/basics/lines.ts'
import type { Board } from '../../../src-core/model.ts'
import { compileGlob } from '../glob.ts'
import { KconfigError } from '../kconfig/kconfig-error.ts'

/** One `name:` entry of a file. */
export type Extension = {
  readonly name: string
  /** Names of `configs/*.config` files, without the ending. */
  readonly fragments: readonly string[]
  /** Of defconfigs, within `configs/`; a board that one of them matches is meant. */
  readonly globs: readonly string[]
  /** All of them have to hold. `value` is a regular expression for the whole value. */
  readonly conditions: readonly { readonly symbol: string; readonly value: RE2JS }[]
}

type Draft = {
  name: string
  fragments: string[]
  globs: string[]
  conditions: { symbol: string; value: RE2JS }[]
}

/** @throws KconfigError with file and line where the text cannot be understood */
export function parseExtensions(file: string, text: string): Extension[] {
  const extensions: Draft[] = []
  let inTargets = false
  let number = 0
  for (const rawLine of linesOf(text, LONGEST_VALUE_LINE)) {
    number += 1
    const place = { file, line: number }
    const line = rawLine.trimEnd()
    if (line === '' || line.startsWith('#')) continue
    const [, tag, value = ''] = /^(\w+):\s*(.*)$/.exec(line) ?? []
    const entry = extensions.at(-1)
    if (tag === 'name') {
      if (!/^[^\s,]+$/.test(value)) throw new KconfigError(place, `"${value}" is no name`)
      extensions.push({ name: value, fragments: [], globs: [], conditions: [] })
      inTargets = false
    } else if (entry === undefined) {
      throw new KconfigError(place, 'expected "name:" first')
    } else if (tag !== undefined) {
      inTargets = tag === 'targets'
      if (tag === 'fragment') entry.fragments.push(value)
      else if (!inTargets && tag !== 'desc') throw new KconfigError(place, `unknown tag "${tag}:"`)
    } else if (/^\s/.test(line) && inTargets) {
      addTarget(entry, line.trim(), place)
    } else if (!/^\s/.test(line)) {
      throw new KconfigError(place, 'expected a tag such as "targets:"')
    }
  }
  return extensions
}

function addTarget(entry: Draft, target: string, place: { file: string; line: number }): void {
  const [, symbol, value = ''] = /^CONFIG_(\w+)=(.*)$/.exec(target) ?? []
  if (symbol === undefined) {
    entry.globs.push(target)
    return
  }
  try {
    entry.conditions.push({ symbol, value: RE2JS.compile(value) })
  } catch {
    throw new KconfigError(place, `"${value}" is no regular expression`)
  }
}

/** A board with what extensions ask about it. */
export type ExtensionCandidate = {
  readonly board: Board
  /** Its defconfig, relative to the tree. */
  readonly defconfig: string
  /** By symbol: its value, text without quotes, empty for a symbol that the tree does not define. */
  readonly values: ReadonlyMap<string, string>
}

/** The extended boards, entry by entry, each in the order of the candidates. */
export function extendBoards(
  extensions: readonly Extension[],
  candidates: readonly ExtensionCandidate[],
): Board[] {
  return extensions.flatMap((extension) => {
    const globs = extension.globs.map((glob) => compileGlob(`configs/${glob}`))
    return candidates
      .filter((candidate) => isMeant(extension, globs, candidate))
      .map(({ board }) => ({
        ...board,
        target: `${extension.name},${board.target}`,
        extended: { base: board.target, fragments: extension.fragments },
      }))
  })
}

function isMeant(
  { conditions }: Extension,
  globs: readonly ((path: string) => boolean)[],
  { defconfig, values }: ExtensionCandidate,
): boolean {
  if (globs.length === 0 && conditions.length === 0) return false
  if (globs.length > 0 && !globs.some((matches) => matches(defconfig))) return false
  return conditions.every(({ symbol, value }) => {
    const actual = values.get(symbol) ?? ''
    // Text may be written with its quotes; what a tree does not know is off.
    return [actual, `"${actual}"`, ...(actual === '' ? ['n'] : [])].some((text) =>
      value.testExact(text),
    )
  })
}

/** Symbols whose values the extensions ask for. */
export function symbolsOf(extensions: readonly Extension[]): string[] {
  return [...new Set(extensions.flatMap(({ conditions }) => conditions.map((each) => each.symbol)))]
}
