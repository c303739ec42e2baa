import { listed, machineTitle, plural } from '../basics/words.ts'
import { clockText } from '../run/pace.ts'
import type { BoardChange } from '../summary/boards.ts'
import { lineTotals } from '../summary/footprint-changes.ts'
import type { LineChange } from '../summary/lines.ts'
import { byArch, type CommitReport, listNames, type RunReport } from './run-report.ts'
import { sizeTexts } from './size-texts.ts'

/** Mail is read in columns of this width. */
const width = 72
/** More boards than this behind one line would bury it. */
const mostBoards = 8

/**
 * A run's report as plain text, to be pasted into a reply on a mailing list: commit by commit what
 * broke, what was fixed, and whom each error hits. Only compilers' own lines are wider than mail.
 */
export function reportText(report: RunReport): string {
  const quiet = report.commits.filter((commit) => commit.quiet)
  const told = report.commits.filter((commit) => !commit.quiet)
  return [
    ...wrap(headline(report), ''),
    ...wrap(countsText(report), ''),
    ...told.flatMap((commit) => ['', ...commitText(commit)]),
    ...(quiet.length > 0
      ? ['', ...wrap(`${plural(quiet.length, 'commit')} changed nothing: ${refs(quiet)}`, '')]
      : []),
    '',
  ].join('\n')
}

/** E.g. `212 boards at 3 commits of spl-rework, built on moa and this computer in 6:12`. */
export function headline(report: RunReport): string {
  const { boards, commits, source, machines, seconds } = report
  const what =
    commits.length > 1
      ? `${plural(boards, 'board')} at ${plural(commits.length, 'commit')} of ${source}`
      : `${plural(boards, 'board')} of ${source}`
  const names = machines.map(({ name }) => machineTitle(name))
  const where =
    names.length > 0 ? `, built on ${listed(names, names.length)} in ${clockText(seconds)}` : ''
  return `${what}${where}${report.cancelled ? ' (stopped before the end)' : ''}`
}

export function countsText({ counts, asBefore }: Pick<RunReport, 'counts' | 'asBefore'>): string {
  const all = [
    `${counts.ok.toLocaleString('en')} ok`,
    `${counts.warnings.toLocaleString('en')} with warnings`,
    `${counts.failed.toLocaleString('en')} failed`,
    ...(counts['no boot'] > 0 ? [noBootText(counts['no boot'])] : []),
    ...(counts['not built'] > 0 ? [`${counts['not built'].toLocaleString('en')} not built`] : []),
    ...(counts.open > 0 ? [`${counts.open.toLocaleString('en')} not done yet`] : []),
  ].join(', ')
  return asBefore > 0 ? `${all}; ${asBeforeText(asBefore)}` : all
}

/** How many builds have the outcome of another commit. */
export function asBeforeText(count: number): string {
  return `${count.toLocaleString('en')} as before, since their commits change no file of theirs`
}

/** How many builds there are that nobody should flash. */
function noBootText(count: number): string {
  return count === 1 ? '1 that does not boot' : `${count.toLocaleString('en')} that do not boot`
}

function commitText(report: CommitReport): readonly string[] {
  const { commit, came, went } = report
  const names = listNames(report)
  const hash = commit.currentSource ? 'current source' : `${commit.hash.slice(0, 12)}`
  return [
    `${hash} ${commit.currentSource ? '' : commit.subject}`.trimEnd(),
    ...boardsText(names.broken.toLowerCase(), report.broken),
    ...boardsText('fixed', report.fixed),
    ...boardsText(names.warned.toLowerCase(), report.warned),
    ...boardsText('warnings gone', report.cleared),
    ...came.flatMap(lineText),
    ...went.flatMap(lineText),
    ...sizeTexts(report.sizes).flatMap((text) => wrap(text, '  ', '    ')),
    ...footprintsText(report),
    ...report.notBuilt.flatMap(({ reason, boards }) =>
      wrap(`not built (${plural(boards.length, 'board')}): ${reason}`, '  '),
    ),
  ]
}

function boardsText(what: string, changes: readonly BoardChange[]): readonly string[] {
  if (changes.length === 0) return []
  return [
    `  ${what}: ${plural(changes.length, 'board')}`,
    ...[...byArch(changes)].flatMap(([arch, boards]) =>
      wrap(`${arch}: ${boards.join(' ')}`, '    ', '      '),
    ),
  ]
}

function lineText({ sign, text, boards }: LineChange): readonly string[] {
  const shown = boards.slice(0, mostBoards).join(' ')
  const more = boards.length > mostBoards ? ` and ${boards.length - mostBoards} more` : ''
  return [`  ${sign} ${text}`, ...wrap(`on ${shown}${more}`, '      ')]
}

function footprintsText({ footprints }: CommitReport): readonly string[] {
  return footprints.flatMap((group) => {
    const { added, removed } = lineTotals(group)
    const boards = plural(group.boards.length, 'board')
    return wrap(`compiled lines: +${added} -${removed} (${boards})`, '  ')
  })
}

function refs(commits: readonly CommitReport[]): string {
  return commits.map(({ commit }) => commit.hash.slice(0, 12)).join(' ')
}

/** Breaks a text at white space into lines of at most `width`, where its words allow that. */
function wrap(text: string, first: string, rest = first): readonly string[] {
  const lines: string[] = []
  let line = first
  for (const word of text.split(/\s+/)) {
    const bare = line.trim() === ''
    if (!bare && line.length + 1 + word.length > width) {
      lines.push(line)
      line = rest + word
    } else line += bare ? word : ` ${word}`
  }
  return [...lines, line]
}
