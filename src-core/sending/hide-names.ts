/**
 * Takes out of a run what says where and by whom it was built: paths of the sender's computers, names of
 * machines, hosts and users, people of commits and boards. What the source says of itself stays.
 */
import type { Board, Commit, RunRequest } from '../model.ts'
import { LOCAL } from '../model.ts'
import type { RunEvent } from '../run/run-events.ts'
import type { RunFileLine } from './run-file.ts'

/** What is known to be a name. */
export type NamesToHide = {
  /** Of the run, in its order. */
  readonly machines: readonly string[]
  readonly providers: readonly string[]
  /** What `ssh` is given, and the name of the sender's own computer. */
  readonly hosts: readonly string[]
  readonly users: readonly string[]
  readonly treeDir: string
  readonly outputDir: string
  /** Folders that machines build in, and homes. */
  readonly folders: readonly string[]
}

/** Where names shorter than this are hidden in a text, too much of it would be no name at all. */
const shortestName = 3

/** Below these lies what is the same on every system. */
const systemFolder =
  /^\/(?:usr|bin|sbin|lib|lib32|lib64|dev|proc|sys|etc|tree|output|folder)(?:\/|$)/

/** Holds a name's place. */
const placeholders = { tree: '/tree', output: '/output', folder: '/folder' } as const

export type HideNames = {
  readonly line: <L extends RunFileLine>(line: L) => L
  readonly text: (text: string) => string
}

export function hideNames(names: NamesToHide): HideNames {
  const aliases = aliasesOf(names)
  const patterns = knownPatterns(names, aliases)
  const alias = (name: string) => aliases.get(name) ?? (name === '' ? '' : text(name))

  function text(given: string): string {
    let shown = given
    for (const { pattern, instead } of patterns) shown = shown.replace(pattern, instead)
    return shown
      .replace(/\b([a-z][a-z0-9+.-]{1,20}):\/\/[^\s/'"<>]+/gi, '$1://host')
      .replace(/[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){0,8}/g, 'user@host')
      .replace(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g, 'address')
      .replace(absolutePath, shortPath)
  }

  function value(given: unknown): unknown {
    if (typeof given === 'string') return text(given)
    if (Array.isArray(given)) return given.map(value)
    if (typeof given !== 'object' || given === null) return given
    return Object.fromEntries(
      Object.entries(given).map(([key, one]) => [key, kept.has(key) ? one : value(one)]),
    )
  }

  function request(given: RunRequest): RunRequest {
    const { providers, rerun } = given
    return {
      ...given,
      treeDir: placeholders.tree,
      outputDir: placeholders.output,
      commits: value(given.commits) as RunRequest['commits'],
      settings: value(given.settings) as RunRequest['settings'],
      useMachines: given.useMachines.map(alias),
      ...(providers && {
        providers: providers.map((wish) => ({ ...wish, name: alias(wish.name) })),
      }),
      ...(rerun && {
        rerun: {
          ...rerun,
          ...(rerun.machine !== undefined && { machine: alias(rerun.machine) }),
        },
      }),
    }
  }

  function named<T extends object>(given: T): T {
    const rest = value(given) as T
    const named = { ...rest }
    for (const key of ['machine', 'provider'] as const) {
      const own = key in given ? given[key as keyof T] : undefined
      if (typeof own === 'string') Object.assign(named, { [key]: alias(own) })
    }
    return named
  }

  function event(given: RunEvent): RunEvent {
    if (given.type !== 'run-started') return named(given)
    return {
      ...given,
      request: request(given.request),
      boards: given.boards.map(withoutPeople),
      commits: given.commits.map(withoutAuthor),
      outputDir: placeholders.output,
    }
  }

  return {
    text,
    line: <L extends RunFileLine>(line: L): L => {
      if (line.type === 'slipway-run' || line.type === 'changes' || line.type === 'end') return line
      if (line.type !== 'build') return event(line) as L
      const { record, texts } = line
      return { ...line, record: named(record), texts: value(texts) }
    },
  }
}

/** Keys whose values name what is of the source or of this program. */
const kept: ReadonlySet<string> = new Set([
  ...[
    'type',
    'board',
    'upto',
    'phase',
    'why',
    'outcome',
    'level',
    'kind',
    'image',
    'hash',
    'runId',
  ],
  ...['sha256', 'truncated', 'variable', 'asBefore'],
])

function withoutPeople(board: Board): Board {
  return { ...board, maintainers: [] }
}

function withoutAuthor(commit: Commit): Commit {
  return { ...commit, author: '' }
}

function aliasesOf({ machines, providers }: NamesToHide): ReadonlyMap<string, string> {
  const others = machines.filter((name) => name !== LOCAL)
  return new Map([
    [LOCAL, LOCAL],
    ...others.map((name, index): [string, string] => [name, `machine-${index + 1}`]),
    ...providers.map((name, index): [string, string] => [name, `provider-${index + 1}`]),
  ])
}

type KnownPattern = { readonly pattern: RegExp; readonly instead: string }

/** Longer ones first: a folder below another one, `moa2` before `moa`. */
function knownPatterns(
  { treeDir, outputDir, folders, hosts, users }: NamesToHide,
  aliases: ReadonlyMap<string, string>,
): readonly KnownPattern[] {
  const paths = [
    [treeDir, placeholders.tree],
    [outputDir, placeholders.output],
    ...folders.map((folder) => [folder, placeholders.folder]),
  ].filter(([path = '']) => path.length > 1 && !/^[~/.]+$/.test(path))
  const words = [
    ...[...aliases].filter(([name]) => name !== LOCAL),
    ...hosts.flatMap((host) => [
      [host, 'host'],
      [host.split('.')[0] ?? '', 'host'],
    ]),
    ...users.map((user) => [user, 'user']),
  ].filter(([word = '']) => word.length >= shortestName && word !== 'root' && word !== LOCAL)
  const byLength = (a: readonly string[], b: readonly string[]) =>
    (b[0] ?? '').length - (a[0] ?? '').length
  return [
    ...paths.sort(byLength).map(([path = '', instead = '']) => ({
      pattern: new RegExp(`${escaped(path)}(?![\\w.-])`, 'g'),
      instead,
    })),
    ...words.sort(byLength).map(([word = '', instead = '']) => ({
      pattern: new RegExp(`(?<![\\w/-])${escaped(word)}(?:\\.[\\w-]+)*(?![\\w-])`, 'gi'),
      instead,
    })),
  ]
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** `/a/b` or `~/a`, at the beginning of a word or after `=`, `-I` and the like. */
const absolutePath = /(?<![\w./~:])(?:-[A-Z])?~?\/(?!\/)[^\s:;,'"`<>()[\]{}|]+/g

function shortPath(found: string): string {
  const option = /^-[A-Z]/.exec(found)?.[0] ?? ''
  const path = found.slice(option.length)
  if (systemFolder.test(path)) return found
  return `${option}.../${path.slice(path.lastIndexOf('/') + 1)}`
}
