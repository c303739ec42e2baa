import { reasonText, treeName } from '../basics/words.ts'
import type { Commit, Outcome } from '../model.ts'
import { markCounts } from '../run/build-mark.ts'
import type { RunState } from '../run/run-state.ts'
import type { BoardChange, NotBuilt } from '../summary/boards.ts'
import type { LineChange } from '../summary/lines.ts'
import type { ArchSizes } from '../summary/sizes.ts'
import type { Summary } from '../summary/summary.ts'
import { ownGrowth } from './size-texts.ts'

/** All that is told of a run afterwards: what the view shows and the exports write down. */
export type RunReport = {
  readonly runId: string
  readonly treeDir: string
  /** `spl-rework`, a range, or `current source`. */
  readonly source: string
  readonly startedAt: number
  readonly seconds: number
  readonly boards: number
  readonly machines: readonly MachineShare[]
  /** Of all builds of the run, each once: one that does not boot is neither ok nor one with warnings. */
  readonly counts: Readonly<Record<Outcome | 'no boot' | 'open', number>>
  /** Of those counts, builds that were not run, since their commits change nothing of theirs. */
  readonly asBefore: number
  readonly cancelled: boolean
  /** Whether its builds note which lines they compile. */
  readonly notesLines: boolean
  readonly commits: readonly CommitReport[]
  /** Warnings and errors that are there in the end, the one that hits most boards first. */
  readonly standing: readonly StandingFault[]
  readonly sizes: readonly ArchTotal[]
}

export type MachineShare = {
  readonly name: string
  readonly built: number
  readonly failed: number
}

export type CommitReport = {
  readonly commit: Commit
  readonly broken: readonly BoardChange[]
  readonly fixed: readonly BoardChange[]
  /** Warnings came where there were none, or all of them went. */
  readonly warned: readonly BoardChange[]
  readonly cleared: readonly BoardChange[]
  readonly stillFailing: number
  readonly came: readonly LineChange[]
  readonly went: readonly LineChange[]
  readonly sizes: readonly ArchSizes[]
  readonly footprints: Summary['footprints']
  /** Groups that the commit before did not have. */
  readonly notBuilt: readonly NotBuilt[]
  readonly counts: Summary['counts']
  /** What it is compared with: nothing for the first one, of which all is told that is there. */
  readonly first: boolean
  /** True where it changed nothing that is told of. */
  readonly quiet: boolean
}

export type StandingFault = {
  readonly change: LineChange
  /** Index into `commits` of the one that it came with. */
  readonly since: number
}

/** How large the image `u-boot` of an architecture's boards is at the last commit, in bytes. */
export type ArchTotal = {
  readonly arch: string
  readonly boards: number
  readonly mean: number
  readonly largest: { readonly board: string; readonly bytes: number }
}

/** `now` in milliseconds since 1970, for a run that goes on. */
export function runReport(run: RunState, summaries: readonly Summary[], now: number): RunReport {
  const commits = run.commits.flatMap((commit, index) => {
    const summary = summaries[index]
    return summary ? [commitReport(commit, summary, summaries[index - 1])] : []
  })
  const counts = markCounts(run)
  const { ok, warnings, failed, queued, building, lost } = counts
  return {
    runId: run.runId,
    treeDir: run.request?.treeDir ?? '',
    source: sourceText(run),
    startedAt: run.startedAt,
    seconds: Math.max(0, ((run.finishedAt || now) - run.startedAt) / 1000),
    boards: run.boards.length,
    machines: run.machines
      .filter(({ done }) => done > 0)
      .map(({ name, done, failed: broke }) => ({ name, built: done, failed: broke })),
    counts: {
      ok,
      warnings,
      failed,
      'not built': counts['not built'],
      'no boot': counts['no boot'],
      open: queued + building + lost + counts['being checked'],
    },
    asBefore: run.asBefore,
    cancelled: run.cancelled,
    notesLines: run.request?.settings.lines ?? false,
    commits,
    standing: standingFaults(commits),
    sizes: archTotals(run),
  }
}

/** What was built, in a few words. */
export function sourceText({ request }: Pick<RunState, 'request'>): string {
  const choice = request?.commits
  if (!choice) return ''
  switch (choice.kind) {
    case 'current':
      return 'current source'
    case 'branch':
      return choice.branch
    case 'range':
      return choice.range
  }
}

/** What a file is called that holds a report, without its ending: `slipway-u-boot-spl-rework-2026-11-23`: no character of it means anything to a file system. */
export function reportName({
  treeDir,
  source,
  startedAt,
}: Pick<RunReport, 'treeDir' | 'source' | 'startedAt'>): string {
  const safe = [treeName(treeDir), source]
    .map((part) => part.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, ''))
    .filter((part) => part !== '')
    .join('-')
  const day = new Date(startedAt).toISOString().slice(0, 10)
  return `slipway-${safe.slice(0, 80) || 'run'}-${day}`
}

function commitReport(commit: Commit, summary: Summary, before: Summary | undefined): CommitReport {
  const of = (...changes: readonly BoardChange['change'][]) =>
    summary.boards.filter(({ change }) => changes.includes(change))
  const report = {
    commit,
    broken: of('regression', 'new failure'),
    fixed: of('fixed'),
    warned: summary.boards.filter(({ warnings }) => warnings === 'came'),
    cleared: summary.boards.filter(({ warnings }) => warnings === 'went'),
    stillFailing: of('still failing').length,
    came: summary.lines.filter(({ sign }) => sign === '+'),
    went: summary.lines.filter(({ sign }) => sign === '-'),
    sizes: summary.sizes,
    footprints: summary.footprints,
    notBuilt: newlyNotBuilt(summary, before),
    counts: summary.counts,
    first: before === undefined,
  }
  const { broken, fixed, warned, cleared, came, went, sizes, footprints } = report
  const told = [broken, fixed, warned, cleared, came, went, sizes, footprints]
  return { ...report, quiet: told.every(({ length }) => length === 0) }
}

/** Said once, where it begins. */
function newlyNotBuilt({ notBuilt }: Summary, before: Summary | undefined): readonly NotBuilt[] {
  const textOf = ({ reason, boards }: NotBuilt) => `${reason}\n${boards.join(' ')}`
  const said = new Set(before?.notBuilt.map(textOf))
  return notBuilt
    .filter((group) => !said.has(textOf(group)))
    .map(({ reason, boards }) => ({ reason: reasonText(reason), boards }))
}

/** Faults that came and did not go again. */
function standingFaults(commits: readonly CommitReport[]): readonly StandingFault[] {
  const standing = new Map<string, StandingFault>()
  for (const [index, { came, went }] of commits.entries()) {
    for (const { key } of went) standing.delete(key)
    for (const change of came) standing.set(change.key, { change, since: index })
  }
  return [...standing.values()].sort((a, b) => b.change.boards.length - a.change.boards.length)
}

function archTotals(run: RunState): readonly ArchTotal[] {
  const last = run.commits.length - 1
  const byArch = new Map<string, { board: string; bytes: number }[]>()
  for (const [index, { target, arch }] of run.boards.entries()) {
    const bytes = run.cells.bytes[index * run.commits.length + last] ?? 0
    if (bytes === 0) continue
    const own = byArch.get(arch)
    if (own) own.push({ board: target, bytes })
    else byArch.set(arch, [{ board: target, bytes }])
  }
  return [...byArch].flatMap(([arch, boards]) => {
    const largest = boards.reduce((most, one) => (one.bytes > most.bytes ? one : most))
    const mean = boards.reduce((sum, { bytes }) => sum + bytes, 0) / boards.length
    return { arch, boards: boards.length, mean, largest }
  })
}

/** What lists of boards are called: at the first commit nothing can be new. */
export function listNames({ first }: Pick<CommitReport, 'first'>) {
  return first
    ? { broken: 'Failed', warned: 'With warnings', came: 'Errors and warnings' }
    : { broken: 'Broken', warned: 'New warnings', came: 'New errors and warnings' }
}

/** Boards by architecture, in the order of the list. */
export function byArch(
  changes: readonly Pick<BoardChange, 'arch' | 'board'>[],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const { arch, board } of changes) {
    const own = groups.get(arch)
    if (own) own.push(board)
    else groups.set(arch, [board])
  }
  return groups
}

/** What each commit itself changed about the image `u-boot`, by architecture: mean bytes a board. */
export function sizeSeries(
  commits: readonly Pick<CommitReport, 'sizes'>[],
): ReadonlyMap<string, readonly number[]> {
  const series = new Map<string, number[]>()
  for (const [index, { sizes }] of commits.entries()) {
    for (const one of sizes) {
      const bytes = ownGrowth(one, 'u-boot')
      if (bytes === 0) continue
      const own = series.get(one.arch) ?? Array.from({ length: commits.length }, () => 0)
      own[index] = bytes
      series.set(one.arch, own)
    }
  }
  return series
}

/** What all commits together changed about it, with what boards gained while they could not be built. */
export function wholeGrowth(
  commits: readonly Pick<CommitReport, 'sizes'>[],
): ReadonlyMap<string, number> {
  const whole = new Map<string, number>()
  for (const { arch, mean } of commits.flatMap(({ sizes }) => sizes)) {
    const bytes = mean.find(({ image }) => image === 'u-boot')?.delta.all ?? 0
    whole.set(arch, (whole.get(arch) ?? 0) + bytes)
  }
  return whole
}
