import { resolve } from 'node:path'
import { ok, type Result } from '../../../src-core/result.ts'
import { openSentRun } from '../../results/sent-run.ts'
import { lastValue } from '../arguments/flags.ts'
import type { Context } from '../context.ts'
import { sayLines } from '../text/output.ts'
import { scopeText } from '../text/run-text.ts'
import { saySeries } from './summary-command.ts'
import { checkReports, writeReports } from './write-reports.ts'

/** `--open FILE`: shows a run that somebody sent, as `-s` shows one of this computer; with its reports. */
export async function openCommand(context: Context): Promise<Result<number>> {
  const { flags, output } = context
  const reports = await checkReports(flags)
  if (!reports.ok) return reports
  const opened = await openSentRun(resolve(lastValue(flags, 'open') ?? ''))
  if (!opened.ok) return opened
  const { name, run, ...results } = opened.value
  const { boards, commits, request } = run
  if (!flags.on.has('json')) {
    const choice = request?.commits ?? { kind: 'current' }
    const what = scopeText(choice, boards.length, commits.length, null)
    sayLines(output, [`${name}: summary of ${what}`])
  }
  await saySeries({ results, where: name, git: null, commits, boards }, context)
  return ok((await writeReports(run, context, results)) ? 0 : 102)
}
