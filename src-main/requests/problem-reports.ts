import { open } from 'node:fs/promises'
import { arch, homedir, release, type } from 'node:os'
import { ok, type Result } from '../../src-core/result.ts'
import type { AppSettings } from '../../src-core/schemas.ts'
import type { HistoryEntry, Versions } from '../../src-preload/contract.ts'
import { messageOf } from '../error-text.ts'
import { problemReportText } from '../reports/problem-report.ts'
import { writeReport } from '../reports/write-report.ts'
import { runLogPath } from '../results/run-log.ts'
import type { AskPath } from './run-reports.ts'
import type { WindowBoss } from './window-boss.ts'

/** Of each log, its end: bytes. */
const mostOfLog = 256 * 1024
const mostRuns = 3

/** What is only the app's to know. */
export type AppFacts = {
  readonly versions: Versions
  readonly settings: AppSettings
  readonly logFile: string
}

/** Writes a report of a problem where the person says: its path, or null if they gave up. */
export async function saveProblemReport(
  windowBoss: WindowBoss,
  { versions, settings, logFile }: AppFacts,
  askPath: AskPath,
): Promise<Result<string | null>> {
  const path = await askPath('slipway-problem', 'txt')
  if (path === null) return ok(null)
  const { app, electron, chrome, node, runtime } = versions
  const runs = (await windowBoss.boss().index.list()).slice(0, mostRuns)
  const text = problemReportText({
    versions: { Slipway: app, Electron: `${electron} (${runtime})`, Chromium: chrome, Node: node },
    system: `${type()} ${release()} ${arch()}`,
    settings: JSON.stringify(settings, null, 2),
    log: await endOf(logFile),
    runs: await Promise.all(runs.map(runPart)),
    home: homedir(),
  })
  const written = await writeReport(path, text)
  return written.ok ? ok(path) : written
}

async function runPart({ runId, outputDir, title }: HistoryEntry) {
  return { title: `${title} (${runId})`, log: await endOf(runLogPath(outputDir, runId)) }
}

/** The last lines of a file, as far as the bound lets them; why not, where it can't be read. */
async function endOf(file: string): Promise<string> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const start = Math.max(0, size - mostOfLog)
      const { buffer, bytesRead } = await handle.read({
        buffer: Buffer.alloc(Math.min(size, mostOfLog)),
        position: start,
      })
      const text = buffer.toString('utf8', 0, bytesRead)
      return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
    } finally {
      await handle.close()
    }
  } catch (error) {
    return `(${messageOf(error)})`
  }
}
