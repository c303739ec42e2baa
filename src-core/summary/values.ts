/** How configurations and default environments changed between two sets of results. Pure. */
import { isVerdict, type Results, type Values } from './facts.ts'

/** Changes of one file, each list by name. */
export type ValueChanges = {
  readonly file: string
  readonly added: readonly (readonly [name: string, now: string])[]
  readonly removed: readonly (readonly [name: string, before: string])[]
  readonly changed: readonly (readonly [name: string, before: string, now: string])[]
}

export type ConfigChanges = {
  /** All changes of an architecture's boards together. */
  readonly archs: readonly { readonly arch: string; readonly changes: readonly ValueChanges[] }[]
  /** Boards with the same changes. */
  readonly groups: readonly BoardGroup[]
}

export type BoardGroup = {
  readonly boards: readonly string[]
  readonly changes: readonly ValueChanges[]
}

/** Of all files together. */
export const ALL_FILES = 'all'

type Files = Readonly<Record<string, Values>>

export function compareConfig(before: Results, now: Results, preserveY: boolean): ConfigChanges {
  const plain = (files: Files) => (preserveY ? files : mapFiles(files))
  const found = changesByBoard(before, now, (facts) => plain(facts.config))
  const archs = new Map<string, (readonly ValueChanges[])[]>()
  for (const { arch, changes } of found) archs.set(arch, [...(archs.get(arch) ?? []), changes])
  return {
    archs: [...archs].map(([arch, lists]) => ({ arch, changes: withAll(union(lists)) })),
    groups: groupEqual(found).map(({ boards, changes }) => ({ boards, changes: withAll(changes) })),
  }
}

export function compareEnvironment(before: Results, now: Results): readonly BoardGroup[] {
  return groupEqual(changesByBoard(before, now, (facts) => ({ 'uboot.env': facts.environment })))
}

type BoardChanges = {
  readonly board: string
  readonly arch: string
  readonly changes: readonly ValueChanges[]
}

function changesByBoard(
  before: Results,
  now: Results,
  filesOf: (facts: { config: Files; environment: Values }) => Files,
): readonly BoardChanges[] {
  return [...now].flatMap(([board, { arch, facts }]) => {
    const last = before.get(board)?.facts
    if (!isVerdict(facts) || !isVerdict(last)) return []
    const changes = compareFiles(filesOf(last), filesOf(facts))
    return changes.length > 0 ? [{ board, arch, changes }] : []
  })
}

/** `y` is `1` in the files that the preprocessor wrote. */
function mapFiles(files: Files): Files {
  const plain = (values: Values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value === 'y' ? '1' : value]),
    )
  return Object.fromEntries(Object.entries(files).map(([file, values]) => [file, plain(values)]))
}

/** Files that one side does not have at all are not compared: they were not collected. */
function compareFiles(before: Files, now: Files): readonly ValueChanges[] {
  return Object.entries(now).flatMap(([file, values]) => {
    const last = before[file]
    if (!last || Object.keys(last).length === 0 || Object.keys(values).length === 0) return []
    const changes = compareValues(file, last, values)
    return isEmpty(changes) ? [] : [changes]
  })
}

export function compareValues(file: string, before: Values, now: Values): ValueChanges {
  const names = (of: Values, without: Values) =>
    Object.keys(of)
      .filter((name) => !Object.hasOwn(without, name))
      .sort()
  const common = names(now, {}).filter((name) => Object.hasOwn(before, name))
  return {
    file,
    added: names(now, before).map((name) => [name, now[name] ?? '']),
    removed: names(before, now).map((name) => [name, before[name] ?? '']),
    changed: common
      .filter((name) => before[name] !== now[name])
      .map((name) => [name, before[name] ?? '', now[name] ?? '']),
  }
}

function isEmpty({ added, removed, changed }: ValueChanges): boolean {
  return added.length + removed.length + changed.length === 0
}

/** All changes of several boards, or of several files, as one; the first of each name counts. */
function merge(file: string, all: readonly ValueChanges[]): ValueChanges {
  const firsts = <T extends readonly [string, ...unknown[]]>(
    entries: readonly T[],
  ): readonly T[] => {
    const seen = new Map<string, T>()
    for (const entry of entries) if (!seen.has(entry[0])) seen.set(entry[0], entry)
    return [...seen.values()].sort((a, b) => (a[0] < b[0] ? -1 : 1))
  }
  return {
    file,
    added: firsts(all.flatMap((one) => one.added)),
    removed: firsts(all.flatMap((one) => one.removed)),
    changed: firsts(all.flatMap((one) => one.changed)),
  }
}

function union(lists: readonly (readonly ValueChanges[])[]): readonly ValueChanges[] {
  const files = [...new Set(lists.flat().map((one) => one.file))]
  return files.map((file) =>
    merge(
      file,
      lists.flat().filter((one) => one.file === file),
    ),
  )
}

function withAll(changes: readonly ValueChanges[]): readonly ValueChanges[] {
  return [...changes, merge(ALL_FILES, changes)]
}

/** Boards that changed alike, together. */
export function groupEqual<Change>(
  found: readonly { readonly board: string; readonly changes: readonly Change[] }[],
): readonly { readonly boards: readonly string[]; readonly changes: readonly Change[] }[] {
  const groups = new Map<string, { boards: string[]; changes: readonly Change[] }>()
  for (const { board, changes } of found) {
    const key = JSON.stringify(changes)
    const group = groups.get(key)
    if (group) group.boards.push(board)
    else groups.set(key, { boards: [board], changes })
  }
  return [...groups.values()]
}
