/** Reads what a summary needs from the folders of a run's commits. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LONGEST_VALUE_LINE, linesOf } from '../../src-core/basics/lines.ts'
import { type HiddenWarnings, withoutWarnings } from '../../src-core/diagnostics/hidden-warnings.ts'
import type { Board, Commit } from '../../src-core/model.ts'
import {
  type BuildFacts,
  diagnosticsOf,
  type Results,
  type Values,
} from '../../src-core/summary/facts.ts'
import { type Footprint, parseFootprint } from '../../src-core/summary/footprint.ts'
import type { Hunks } from '../../src-core/summary/footprint-changes.ts'
import {
  beforeSeries,
  nextCommit,
  type Summary,
  type SummaryOptions,
} from '../../src-core/summary/summary.ts'
import type { BuildFiles, KeptResults } from './kept-results.ts'
import { notBuiltKey } from './past-builds.ts'
import { imageOfSymbolFile, parseSymbols } from './sizes.ts'

/** Tells where these files differ between two commits, for footprints; null if it is unknown. */
export type HunksOf = (
  before: Commit,
  commit: Commit,
  files: readonly string[],
) => Promise<Hunks | null>

/** What takes time to read, and not every summary shows. */
export type Wanted = {
  readonly symbols: boolean
  readonly config: boolean
  readonly environment: boolean
  /** Absent where footprints are not wanted. */
  readonly hunksOf?: HunksOf
  /** Left out of what builds said; nothing by default. */
  readonly hidden?: HiddenWarnings
}

const configFiles = ['u-boot.cfg', 'u-boot-spl.cfg', 'u-boot-tpl.cfg']

/** Everything about one build, null where it has no outcome. */
export function readFacts(files: BuildFiles, wanted: Wanted): BuildFacts | null {
  const record = files.record()
  if (!record) return null
  const { outcome, lacks, sizes, fromScratch } = record
  const said = outcome === 'ok' ? '' : files.text('err')
  const stderr = wanted.hidden ? withoutWarnings(said, wanted.hidden) : said
  return {
    outcome,
    reason: outcome === 'not built' ? stderr.trim() : record.reason,
    lacks,
    diagnostics: diagnosticsOf(outcome, stderr),
    sizes,
    symbols: wanted.symbols ? readSymbols(files) : {},
    config: wanted.config ? readConfig(files) : {},
    environment: wanted.environment ? parseEnvironment(files.text('uboot.env')) : {},
    footprint: wanted.hunksOf ? readFootprint(files) : null,
    fromScratch,
  }
}

/** What a build noted of the lines that it compiled; null where it noted nothing. */
export function readFootprint(files: BuildFiles): Footprint | null {
  const text = files.text('lines')
  return text === '' ? null : parseFootprint(text)
}

function readSymbols(files: BuildFiles): BuildFacts['symbols'] {
  const names = files.names().filter((name) => name.endsWith('.sizes'))
  return Object.fromEntries(
    names.map((name) => [imageOfSymbolFile(name), parseSymbols(files.text(name))]),
  )
}

function readConfig(files: BuildFiles): BuildFacts['config'] {
  const entries = configFiles.map((name) => [name, parseConfig(files.text(name))] as const)
  return Object.fromEntries(entries.filter(([, values]) => Object.keys(values).length > 0))
}

/** `#define CONFIG_X value` (`u-boot.cfg`), or `CONFIG_X=value` (`.config`, `autoconf.mk`). */
export function parseConfig(text: string): Values {
  const values: Record<string, string> = {}
  for (const line of linesOf(text, LONGEST_VALUE_LINE)) {
    const match = /^(?:#define (CONFIG_\w+)(?: (.*))?|(CONFIG_\w+)=(.*))$/.exec(line.trimEnd())
    const name = match?.[1] ?? match?.[3]
    if (name) values[name] = match?.[2] ?? match?.[4] ?? ''
  }
  return values
}

/** `NAME=value` texts, each ended by a NUL. */
export function parseEnvironment(text: string): Values {
  const pairs = text.split('\0').flatMap((entry): [string, string][] => {
    const at = entry.indexOf('=')
    return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : []
  })
  return Object.fromEntries(pairs)
}

/** After this the event loop gets its turn, milliseconds. */
const TURN_MS = 10

/** Why a build has no outcome. */
type Reasons = ReadonlyMap<string, string>

/** The results of a commit, for all boards that were asked for. */
export async function readCommit(
  kept: KeptResults,
  commit: Commit,
  boards: readonly Pick<Board, 'target' | 'arch'>[],
  wanted: Wanted,
  reasons: Reasons = new Map(),
): Promise<Results> {
  const results = new Map<string, { arch: string; facts: BuildFacts | null }>()
  let turn = performance.now()
  for (const { target, arch } of boards) {
    if (performance.now() - turn > TURN_MS) {
      await nextTurn()
      turn = performance.now()
    }
    const reason = reasons.get(notBuiltKey(target, commit.hash))
    const facts = readFacts(kept.files(commit, target), wanted) ?? notBuilt(reason)
    results.set(target, { arch, facts })
  }
  return results
}

function notBuilt(reason: string | undefined): BuildFacts | null {
  if (reason === undefined) return null
  return {
    outcome: 'not built',
    reason,
    lacks: [],
    diagnostics: [],
    sizes: [],
    symbols: {},
    config: {},
    environment: {},
    footprint: null,
    fromScratch: false,
  }
}

/** All sources of which a board compiles a line, on either side. */
function sourcesOf(...sides: readonly (Results | null)[]): ReadonlySet<string> {
  const sources = new Set<string>()
  for (const side of sides) {
    for (const { facts } of side?.values() ?? []) {
      for (const source of facts?.footprint?.keys() ?? []) sources.add(source)
    }
  }
  return sources
}

export type SeriesSource = {
  readonly kept: KeptResults
  readonly commits: readonly Commit[]
  readonly boards: readonly Pick<Board, 'target' | 'arch'>[]
  /** Files that differ between a commit and the one before it; null if unknown. */
  readonly changedFiles: (before: Commit, commit: Commit) => Promise<readonly string[] | null>
}

/** What a commit did, and the newest verdict of each board up to it. */
type SeriesStep = {
  readonly commit: Commit
  readonly summary: Summary
  readonly standing: Results
}

/** Summarises a series commit by commit; only two commits' facts are in memory at a time. */
export async function* summariseSeries(
  source: SeriesSource,
  wanted: Wanted,
  options: SummaryOptions = {},
): AsyncGenerator<SeriesStep> {
  const { kept, boards, commits } = source
  const reasons = await kept.notBuiltReasons()
  let baseline: Results | null = null
  let before: Commit | null = null
  for (const commit of commits) {
    const results = await readCommit(kept, commit, boards, wanted, reasons)
    const changed = before ? await source.changedFiles(before, commit) : null
    const compiled = sourcesOf(results, baseline)
    const touched = changed?.filter((file) => compiled.has(file)) ?? null
    const hunks = before && touched && (await wanted.hunksOf?.(before, commit, touched))
    const step = { ...options, hunks: hunks ?? null }
    const next = nextCommit(baseline ?? beforeSeries(results), results, changed, step)
    yield { commit, summary: next.summary, standing: next.baseline }
    baseline = next.baseline
    before = commit
  }
}
