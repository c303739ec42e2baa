import {
  type ConfigEntry,
  type ConfigSection,
  type ConfigSyntax,
  parseConfigSyntax,
} from '../config-syntax.ts'
import { escapeValue } from '../config-values.ts'

/** Changes to single lines of a settings file; all other bytes stay. Lines count from 1. */
export type ConfigPatch = {
  readonly syntax: ConfigSyntax
  /** What stands where a line stood: nothing, another line, or several. */
  readonly replaced: Map<number, readonly string[]>
  readonly appended: string[]
}

export function startPatch(text: string): ConfigPatch {
  return { syntax: parseConfigSyntax(text), replaced: new Map(), appended: [] }
}

export function finishPatch({ syntax, replaced, appended }: ConfigPatch): string {
  const eol = syntax.lines.find((line) => line.eol !== '')?.eol ?? '\n'
  const lines = syntax.lines.flatMap((line, index) => {
    const texts = replaced.get(index + 1)
    if (texts === undefined) return [line]
    // The last line of a file may have no end; what comes before it needs one.
    return texts.map((text, at) => ({
      text,
      eol: at < texts.length - 1 ? line.eol || eol : line.eol,
    }))
  })
  const last = lines.at(-1)
  const open = appended.length > 0 && last !== undefined && last.eol === '' ? eol : ''
  const body = lines.map((line) => line.text + line.eol).join('')
  return body + open + appended.map((text) => text + eol).join('')
}

export function sectionOf(patch: ConfigPatch, name: string): ConfigSection | undefined {
  return patch.syntax.sections.find((section) => section.name === name)
}

export function entryOf(patch: ConfigPatch, section: string, key: string): ConfigEntry | undefined {
  return sectionOf(patch, section)?.entries.find((entry) => entry.key === key)
}

/** The line as it is now, with what this patch has done to it. */
function linesAt(patch: ConfigPatch, line: number): readonly string[] {
  return patch.replaced.get(line) ?? [patch.syntax.lines[line - 1]?.text ?? '']
}

function firstLine(entry: ConfigEntry): number {
  return entry.lineNumbers[0] ?? 0
}

/** `key = value`, a bare key for null; in the column and with the delimiter that `like` has. */
export function renderEntry(
  patch: ConfigPatch,
  key: string,
  value: string | null,
  like?: ConfigEntry,
): string {
  const old = like && patch.syntax.lines[firstLine(like) - 1]?.text
  const delimiter = (old && /^[^=:]*?(\s*[=:]\s*)/.exec(old)?.[1]) || ' = '
  return `${like?.indent ?? ''}${key}${value === null ? '' : `${delimiter}${escapeValue(value)}`}`
}

/** Puts `texts` in place of an entry; its comments and blank lines stay where they are. */
export function replaceEntry(
  patch: ConfigPatch,
  entry: ConfigEntry,
  texts: readonly string[],
): void {
  for (const line of entry.lineNumbers) patch.replaced.set(line, [])
  patch.replaced.set(firstLine(entry), texts)
}

/** Adds entries to a section, behind its last one; makes the section at the end of the file. */
export function addEntries(
  patch: ConfigPatch,
  sectionName: string,
  render: (like?: ConfigEntry) => readonly string[],
): void {
  const section = sectionOf(patch, sectionName)
  if (section === undefined) {
    const separator = patch.syntax.lines.length > 0 ? [''] : []
    patch.appended.push(...separator, `[${sectionName}]`, ...render())
    return
  }
  const last = section.entries.at(-1)
  const line = last?.lineNumbers.at(-1) ?? section.line
  patch.replaced.set(line, [...linesAt(patch, line), ...render(last)])
}

/** Removes a section's header, its entries and the blank line before; comments stay. */
export function removeSection(patch: ConfigPatch, name: string): void {
  const section = sectionOf(patch, name)
  if (section === undefined) return
  patch.replaced.set(section.line, [])
  for (const entry of section.entries) replaceEntry(patch, entry, [])
  const before = section.line - 1
  if (patch.syntax.lines[before - 1]?.text.trim() === '') patch.replaced.set(before, [])
}

export function renameSection(patch: ConfigPatch, name: string, newName: string): void {
  const section = sectionOf(patch, name)
  if (section === undefined) return
  const renamed = linesAt(patch, section.line).map((text) =>
    text.replace(`[${name}]`, () => `[${newName}]`),
  )
  patch.replaced.set(section.line, renamed)
}

/** Exchanges entries so that those named come in this order, in the places that they have now. */
export function reorderEntries(
  patch: ConfigPatch,
  sectionName: string,
  keys: readonly string[],
): void {
  const entries = sectionOf(patch, sectionName)?.entries ?? []
  const moved = inOrder(entries, (entry) => entry.key, keys)
  entries.forEach((place, index) => {
    const entry = moved[index]
    if (entry === undefined || entry === place) return
    const texts = entry.lineNumbers.map((line) => patch.syntax.lines[line - 1]?.text ?? '')
    // In the column of its new place: deeper than the line before, it would continue that one.
    const [first = '', ...rest] = texts
    replaceEntry(patch, place, [place.indent + first.slice(entry.indent.length), ...rest])
  })
}

/** Items with the named ones exchanged among their places; unknown names do nothing. */
export function inOrder<T extends object>(
  items: readonly T[],
  nameOf: (item: T) => string,
  names: readonly string[],
): T[] {
  const byName = new Map(items.map((item) => [nameOf(item), item] as const))
  const wanted = [...new Set(names)].flatMap((name) => byName.get(name) ?? [])
  const named = new Set(wanted)
  let next = 0
  return items.map((item) => (named.has(item) ? (wanted[next++] ?? item) : item))
}
