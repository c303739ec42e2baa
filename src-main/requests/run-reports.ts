import type { ChosenColours } from '../../src-core/machine-colours.ts'
import { type ReportKind, reportAs, reportEndings } from '../../src-core/reports/report-kinds.ts'
import { reportName, sourceText } from '../../src-core/reports/run-report.ts'
import { ok, type Result } from '../../src-core/result.ts'
import { gatherReport } from '../reports/gather-report.ts'
import { writeReport } from '../reports/write-report.ts'
import type { WindowBoss } from './window-boss.ts'

/** Asks where a file of this name is to go; null where the person gave up. */
export type AskPath = (name: string, ending: string) => Promise<string | null>

/** Writes a report of a run where the person says. The value is the file's path, or null if they gave up. */
export async function saveRunReport(
  windowBoss: WindowBoss,
  { runId, kind }: { readonly runId: string; readonly kind: ReportKind },
  { askPath, colours }: { readonly askPath: AskPath; readonly colours: ChosenColours },
): Promise<Result<string | null>> {
  const opened = await windowBoss.open(runId)
  if (!opened.ok) return opened
  const run = opened.value
  const name = reportName({
    treeDir: run.request?.treeDir ?? '',
    source: sourceText(run),
    startedAt: run.startedAt,
  })
  const path = await askPath(name, reportEndings[kind])
  if (path === null) return ok(null)
  const source = await gatherReport(run, await windowBoss.resultsOf(run), { colours })
  const written = await writeReport(path, reportAs(kind, source))
  return written.ok ? ok(path) : written
}
