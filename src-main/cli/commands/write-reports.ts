import { resolve } from 'node:path'
import { githubAnnotations, githubSummary } from '../../../src-core/reports/github-report.ts'
import { type ReportKind, reportAs } from '../../../src-core/reports/report-kinds.ts'
import type { ReportSource } from '../../../src-core/reports/report-source.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'
import { gatherReport } from '../../reports/gather-report.ts'
import { type KnownResults, resultsOnDisk } from '../../reports/summarise-run.ts'
import { appendReport, checkReportFile, writeReport } from '../../reports/write-report.ts'
import { type ReportFlag, reportFlags } from '../arguments/flag-table.ts'
import { type Flags, hiddenWarnings, lastValue } from '../arguments/flags.ts'
import { type Context, warn } from '../context.ts'
import { sayProblem } from '../text/output.ts'

const kinds: Readonly<Record<ReportFlag, ReportKind>> = {
  report: 'html',
  junit: 'junit',
  sarif: 'sarif',
  trace: 'trace',
}

type WantedFile = { readonly flag: ReportFlag; readonly file: string }

function wantedFiles(flags: Flags): readonly WantedFile[] {
  return reportFlags.flatMap((flag) => {
    const file = lastValue(flags, flag)
    return file === undefined ? [] : [{ flag, file: resolve(file) }]
  })
}

export function wantsReports(flags: Flags): boolean {
  return flags.on.has('github') || wantedFiles(flags).length > 0
}

/** What is wrong with the files that reports are to go to, while there is time to name others. */
export async function checkReports(flags: Flags): Promise<Result<void>> {
  const seen = new Map<string, ReportFlag>()
  for (const { flag, file } of wantedFiles(flags)) {
    const other = seen.get(file)
    if (other !== undefined) return fail(`--${other} and --${flag} name the same file, ${file}`)
    seen.set(file, flag)
    const checked = await checkReportFile(file)
    if (!checked.ok) return checked
  }
  return ok(undefined)
}

/**
 * Writes what the flags ask for; each file that can't be is said once. Whether all were.
 *
 * @param results by default those of this computer
 */
export async function writeReports(
  run: RunState,
  context: Context,
  results?: KnownResults,
): Promise<boolean> {
  const { flags, places, output } = context
  if (!wantsReports(flags)) return true
  const source = await gatherReport(run, results ?? (await resultsOnDisk(run, places.cacheDir)), {
    hidden: hiddenWarnings(flags),
  })
  let allWritten = true
  const note = (written: Result<void>) => {
    if (written.ok) return
    allWritten = false
    sayProblem(output, written.problem)
  }
  for (const { flag, file } of wantedFiles(flags)) {
    if (flag === 'trace' && run.attempts.length === 0)
      warn(context, 'the trace is empty: no log tells when these builds ran')
    note(await writeReport(file, reportAs(kinds[flag], source)))
  }
  if (flags.on.has('github')) note(await tellGithub(source, context))
  return allWritten
}

/** Annotations where GitHub reads them, on either stream; the summary in the file that it names. */
async function tellGithub(source: ReportSource, context: Context): Promise<Result<void>> {
  const { flags, output } = context
  const lines = githubAnnotations(source).map((line) => `${line}\n`)
  if (flags.on.has('json')) output.err(lines.join(''))
  else output.out(lines.join(''))
  const file = process.env.GITHUB_STEP_SUMMARY
  if (file) return appendReport(file, githubSummary(source))
  warn(context, 'no summary of the step: GITHUB_STEP_SUMMARY names no file')
  return ok(undefined)
}
