import { reportName, sourceText } from '../../src-core/reports/run-report.ts'
import { ok, type Result } from '../../src-core/result.ts'
import { runFileEnding } from '../../src-core/sending/run-file.ts'
import { namesOfRun, saveRunFile } from '../reports/save-run-file.ts'
import type { AskPath } from './run-reports.ts'
import type { WindowBoss } from './window-boss.ts'

/** Saves a run as a file for others where the person says. Null if they gave up. */
export async function saveSentRun(
  windowBoss: WindowBoss,
  asked: { readonly runId: string; readonly hideNames: boolean },
  askPath: AskPath,
): Promise<Result<{ path: string; bytes: number } | null>> {
  const opened = await windowBoss.openOwn(asked.runId)
  if (!opened.ok) return opened
  const run = opened.value
  const { request, startedAt } = run
  const shown = { treeDir: request?.treeDir ?? '', source: sourceText(run), startedAt }
  const name = reportName(asked.hideNames ? { ...shown, treeDir: '', source: '' } : shown)
  const path = await askPath(name, runFileEnding)
  if (path === null) return ok(null)
  const config = windowBoss.boss().fleet.configIfRead()
  const hosts = config?.machines.map(({ host }) => host) ?? []
  const hide = asked.hideNames ? namesOfRun(run, hosts) : null
  const saved = await saveRunFile(run, await windowBoss.resultsOf(run), { file: path, hide })
  return saved.ok ? ok({ path, bytes: saved.value }) : saved
}
