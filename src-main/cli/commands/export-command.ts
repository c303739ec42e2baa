import { resolve } from 'node:path'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { applyEvent, type RunState } from '../../../src-core/run/run-state.ts'
import type { HistoryEntry } from '../../../src-preload/contract.ts'
import { namesOfRun, saveRunFile } from '../../reports/save-run-file.ts'
import { resultsOnDisk } from '../../reports/summarise-run.ts'
import { checkReportFile } from '../../reports/write-report.ts'
import { runningIn } from '../../results/output-lock.ts'
import { brokenOff, readRun, runLogPath } from '../../results/run-log.ts'
import { lastValue } from '../arguments/flags.ts'
import { type Context, tell } from '../context.ts'

/** `--export RUN FILE`: saves a run of the history as one file that can be sent. */
export async function exportCommand(context: Context): Promise<Result<number>> {
  const { boss, flags, places } = context
  const file = resolve(flags.terms[0] ?? '')
  const checked = await checkReportFile(file)
  if (!checked.ok) return checked
  const found = findRun(await boss.index.list(), lastValue(flags, 'export') ?? '')
  if (!found.ok) return found
  const opened = await openRun(found.value)
  if (!opened.ok) return opened
  const run = opened.value
  const hosts = boss.fleet.config().machines.map(({ host }) => host)
  const hide = flags.on.has('hide-names') ? namesOfRun(run, hosts) : null
  const results = await resultsOnDisk(run, places.cacheDir)
  const saved = await saveRunFile(run, results, { file, hide })
  if (!saved.ok) return saved
  tell(context, `${file}: ${found.value.title}, ${kilobytes(saved.value)}`)
  return ok(0)
}

/** Runs that are named to whoever asks for one that is not there. */
const mostNamed = 5

/** `last`, an id, or the beginning of one id. */
function findRun(entries: readonly HistoryEntry[], asked: string): Result<HistoryEntry> {
  const meant =
    asked === 'last' ? entries.slice(0, 1) : entries.filter(({ runId }) => runId.startsWith(asked))
  const found = meant.find(({ runId }) => runId === asked) ?? meant[0]
  if (found && (meant.length === 1 || found.runId === asked)) return ok(found)
  if (entries.length === 0) return fail('there is no run in the history')
  const newest = (meant.length > 0 ? meant : entries).slice(0, mostNamed)
  const what = meant.length > 1 ? `${meant.length} runs begin with` : 'there is no run'
  return fail(
    `${what} '${asked}'`,
    `there are: ${newest.map(({ runId, title }) => `${runId} (${title})`).join(', ')}`,
  )
}

/** As far as it came, where its boss died. */
async function openRun({ runId, outputDir }: HistoryEntry): Promise<Result<RunState>> {
  const log = runLogPath(outputDir, runId)
  const run = (await readRun(log).catch(() => null))?.run
  if (!run || run.runId !== runId) return fail(`the log of that run is gone: ${log}`)
  if (run.finishedAt === 0 && (await runningIn(outputDir)) !== runId)
    applyEvent(run, brokenOff(run))
  return ok(run)
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000).toLocaleString('en')} kB`
}
