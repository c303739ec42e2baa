import type { BlobRule, BlobRules } from '../../../src-core/blobs/blob-rules.ts'
import { fail, type Result } from '../../../src-core/result.ts'
import type { ConfigEntry } from '../config-syntax.ts'
import { blobKeys, isBlobsSection, scopeOfSection, sectionOfScope } from '../read-blob-rules.ts'
import { checkedEdit, readForEdit } from './checked-edit.ts'
import {
  addEntries,
  type ConfigPatch,
  finishPatch,
  removeSection,
  renderEntry,
  replaceEntry,
  startPatch,
} from './config-patch.ts'

/** Text of one line: its key and its value. */
type Line = readonly [key: string, value: string]

/**
 * A settings file whose `[blobs]` sections say just these rules; lines that say so already, comments and every
 * other byte stay. A rule keeps its place in its section, where the first that fits counts; new ones come last.
 */
export function editBlobRules(text: string, rules: BlobRules): Result<string> {
  const before = readForEdit(text)
  if (!before.ok) return before
  const problem = rulesProblem(rules)
  if (problem !== null) return fail(problem)
  const patch = startPatch(text)
  const scopes = scopesOf(patch, rules)
  const inPlaces = scopes.flatMap((only) => writeScope(patch, only, before.value.blobs, rules))
  const wanted = { ...before.value, blobs: { ...rules, rules: inPlaces } }
  return checkedEdit(finishPatch(patch), wanted, 'a file of firmware')
}

/** Those of the file and those that are wanted. */
function scopesOf({ syntax }: ConfigPatch, { rules, folders }: BlobRules): readonly string[] {
  const inFile = syntax.sections.map(({ name }) => name).filter(isBlobsSection)
  const wanted = [...rules, ...folders].map(({ only }) => only)
  return [...new Set(['', ...inFile.map(scopeOfSection), ...wanted])]
}

/** @returns the section's rules, in the order that they now have */
function writeScope(
  patch: ConfigPatch,
  only: string,
  now: BlobRules,
  wanted: BlobRules,
): readonly BlobRule[] {
  const section = patch.syntax.sections.find(
    ({ name }) => isBlobsSection(name) && scopeOfSection(name) === only,
  )
  const entries = section?.entries ?? []
  const rules = placeRules(entries.filter(isRule), linesOf(wanted, only))
  for (const place of rules.placed) writeRule(patch, place, linesOf(now, only))
  const folders = foldersOf(wanted, only)
  const added = [
    ...rules.added,
    ...writeFolders(patch, entries, foldersOf(now, only), folders),
    ...writeBounds(patch, entries, only, now, wanted),
  ]
  const kept = [...rules.placed.flatMap(({ line }) => (line ? [line] : [])), ...rules.added]
  if (added.length > 0) {
    addEntries(patch, section?.name ?? sectionOfScope(only), (like) =>
      added.map(([key, value]) => renderEntry(patch, key, value, like)),
    )
  } else if (section && kept.length === 0 && folders === '' && !entries.some(isOther)) {
    removeSection(patch, section.name)
  }
  return kept.map(([pattern, path]) => ({ only, pattern, path }))
}

/** A bound, or a name without a file. */
function isOther(entry: ConfigEntry): boolean {
  return !isRule(entry) && entry.key !== blobKeys.folders
}

function isRule({ key, value }: ConfigEntry): boolean {
  const others: readonly string[] = Object.values(blobKeys)
  return value !== null && value !== '' && !others.includes(key)
}

function linesOf({ rules }: BlobRules, only: string): readonly Line[] {
  return rules
    .filter((rule) => rule.only === only)
    .map(({ pattern, path }) => [pattern.toLowerCase(), path])
}

function foldersOf({ folders }: BlobRules, only: string): string {
  const own = folders.filter((folder) => folder.only === only)
  return own.map(({ path }) => path).join(', ')
}

type Placed = { readonly entry: ConfigEntry; readonly line: Line | undefined }

/** A rule stays where its name stands; a new name takes the place of one that is gone, or comes last. */
function placeRules(
  entries: readonly ConfigEntry[],
  wanted: readonly Line[],
): { readonly placed: readonly Placed[]; readonly added: readonly Line[] } {
  const names = new Set(entries.map(({ key }) => key))
  const fresh = wanted.filter(([key]) => !names.has(key))
  const placed = entries.map((entry): Placed => {
    return { entry, line: wanted.find(([key]) => key === entry.key) ?? fresh.shift() }
  })
  return { placed, added: fresh }
}

function writeRule(patch: ConfigPatch, { entry, line }: Placed, now: readonly Line[]): void {
  const said = now.find(([key]) => key === entry.key)
  if (line && said && line[0] === said[0] && line[1] === said[1]) return
  const texts = line ? [renderEntry(patch, nameOf(entry, line), line[1], entry)] : []
  replaceEntry(patch, entry, texts)
}

/** As the person wrote it, where it is the same. */
function nameOf({ key, rawKey }: ConfigEntry, [name]: Line): string {
  return name === key ? rawKey : name
}

function writeFolders(
  patch: ConfigPatch,
  entries: readonly ConfigEntry[],
  now: string,
  wanted: string,
): readonly Line[] {
  if (now === wanted) return []
  const entry = entries.find(({ key }) => key === blobKeys.folders)
  if (!entry) return [[blobKeys.folders, wanted]]
  const texts = wanted === '' ? [] : [renderEntry(patch, entry.rawKey, wanted, entry)]
  replaceEntry(patch, entry, texts)
  return []
}

/** A bound is changed where it stands; one that stands nowhere comes into the section of all boards. */
function writeBounds(
  patch: ConfigPatch,
  entries: readonly ConfigEntry[],
  only: string,
  now: BlobRules,
  wanted: BlobRules,
): readonly Line[] {
  const names = patch.syntax.sections.filter(({ name }) => isBlobsSection(name))
  return (['maxMb', 'maxFileMb'] as const).flatMap((bound): Line[] => {
    if (now[bound] === wanted[bound]) return []
    const key = blobKeys[bound]
    const value = String(wanted[bound])
    const entry = entries.find((one) => one.key === key)
    if (entry) replaceEntry(patch, entry, [renderEntry(patch, entry.rawKey, value, entry)])
    const isSomewhere = names.some((section) => section.entries.some((one) => one.key === key))
    return isSomewhere || only !== '' ? [] : [[key, value]]
  })
}

/** Why the file can't hold these rules; null where it can. */
function rulesProblem({ rules, folders }: BlobRules): string | null {
  const seen = new Set<string>()
  for (const { only, pattern, path } of rules) {
    const key = `${only}\0${pattern.toLowerCase()}`
    if (seen.has(key)) return `'${pattern}' is there twice for ${only === '' ? 'all boards' : only}`
    seen.add(key)
    const problem = patternProblem(pattern) ?? pathProblem(path) ?? scopeProblem(only)
    if (problem !== null) return problem
  }
  for (const { only, path } of folders) {
    const comma = path.includes(',') ? `'${path}': a comma parts folders` : null
    const problem = comma ?? pathProblem(path) ?? scopeProblem(only)
    if (problem !== null) return problem
  }
  return null
}

function patternProblem(pattern: string): string | null {
  const keys: readonly string[] = Object.values(blobKeys)
  if (keys.includes(pattern.toLowerCase())) return `'${pattern}' means something else in [blobs]`
  if (/^[^\s=:#;[](?:[^=:\p{Cc}]*[^\s=:\p{Cc}])?$/u.test(pattern)) return null
  return `'${pattern}' can't be a name in [blobs]: it may not begin with # ; or [, nor have = or :`
}

function pathProblem(path: string): string | null {
  if (path === path.trim() && path !== '' && !/\p{Cc}/u.test(path)) return null
  return `'${path}' is not a path that the settings file can hold`
}

function scopeProblem(only: string): string | null {
  return only === only.trim() && !/[\]\p{Cc}]/u.test(only) ? null : `'${only}' is no board or SoC`
}
