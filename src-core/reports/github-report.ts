import { plainText } from '../basics/plain-text.ts'
import { plural } from '../basics/words.ts'
import type { ReportSource } from './report-source.ts'
import type { RunProblem } from './run-problems.ts'
import { countsText, headline } from './text-report.ts'

/** GitHub shows ten of a step, and whoever reads more reads the report. */
const mostAnnotations = 10
/** Rows of the summary's table. */
const mostRows = 50
/** Characters: GitHub cuts an annotation at 64 KiB, a person long before. */
const longestMessage = 1000
/** Names behind one problem. */
const mostBoards = 8

/**
 * The problems as workflow commands, a line each, for GitHub to show beside the code: errors first, those of
 * most boards first. Escaped by its rules, so that nothing a compiler says becomes a command of its own.
 */
export function githubAnnotations({ problems }: Pick<ReportSource, 'problems'>): readonly string[] {
  return problems.slice(0, mostAnnotations).map((problem) => {
    const { kind, file, places, boards } = problem
    const [{ line, column } = { line: 0, column: 0 }] = places
    const place = [
      ...(file === '' ? [] : [`file=${property(file)}`]),
      ...(file === '' || line === 0 ? [] : [`line=${line}`]),
      ...(file === '' || line === 0 || column === 0 ? [] : [`col=${column}`]),
      `title=${property(plural(boards.length, 'board'))}`,
    ]
    const said = `${shortened(problem.message)}\n${boardsText(boards)}`
    return `::${kind === 'error' ? 'error' : 'warning'} ${place.join(',')}::${data(said)}`
  })
}

/** The run in Markdown, for the summary of the step. */
export function githubSummary({ report, problems }: ReportSource): string {
  const rows = problems.slice(0, mostRows).map((problem) => {
    const place = problem.file === '' ? '' : placeOf(problem)
    const cells = [
      problem.kind === 'blob' ? 'does not boot' : problem.kind,
      literal(place),
      literal(shortened(problem.message)),
      `${problem.boards.length}`,
      literal(boardsText(problem.boards)),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const more = problems.length - rows.length
  const notBuilt = report.commits.at(-1)?.counts['not built'] ?? 0
  return [
    `### ${literal(headline(report))}`,
    '',
    literal(countsText(report)),
    '',
    ...(rows.length > 0
      ? ['| | where | what | boards | |', '| --- | --- | --- | ---: | --- |']
      : []),
    ...rows,
    ...(more > 0 ? ['', `and ${plural(more, 'more problem')}`] : []),
    ...(notBuilt > 0 ? ['', `${plural(notBuilt, 'board')} not built`] : []),
    '',
    '',
  ].join('\n')
}

function placeOf({ file, places: [place] }: RunProblem): string {
  return place && place.line > 0 ? `${file}:${place.line}` : file
}

function boardsText(boards: readonly string[]): string {
  const more = boards.length - mostBoards
  return `${boards.slice(0, mostBoards).join(' ')}${more > 0 ? ` and ${more} more` : ''}`
}

function shortened(text: string): string {
  return plainText(text).slice(0, longestMessage)
}

/** By GitHub's rules for what follows the second `::`. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** By GitHub's rules for `name=value`, where colons and commas end it, too. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** Text that Markdown shows as it is: each mark that could mean something stands as a reference. */
function literal(text: string): string {
  return plainText(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[!-+:-@[-`{-~]/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
