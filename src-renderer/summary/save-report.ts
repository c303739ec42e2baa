import type { ReportKind } from '../../src-core/reports/report-kinds.ts'
import { reportName, runReport } from '../../src-core/reports/run-report.ts'
import { headline } from '../../src-core/reports/text-report.ts'
import { fail, type Result } from '../../src-core/result.ts'
import { readCanvasTheme } from '../look/canvas-theme.ts'
import { attempt } from '../state/attempt.ts'
import type { Stores } from '../state/stores.ts'
import { gridPicture } from './grid-picture.ts'

/** `picture`: of the grid, which only the page can draw. */
export type ReportForm = ReportKind | 'picture'

/**
 * Saves a report of a run where the person says. The value is the file's path, or null if they gave up. A
 * picture is of the run that is shown.
 */
export function saveReport(
  stores: Stores,
  runId: string,
  form: ReportForm,
): Promise<Result<string | null>> {
  if (form === 'picture') return savePicture(stores)
  const request = stores.boss.request('run:report', { runId, kind: form })
  return attempt('The report could not be saved', request)
}

async function savePicture(stores: Stores): Promise<Result<string | null>> {
  const run = stores.runs.run()
  const report = runReport(run, [], Date.now())
  const chosen = stores.settings.store.getState().settings?.machineColours ?? {}
  try {
    const theme = readCanvasTheme(document.body)
    const blob = await gridPicture(run, headline(report), theme, chosen)
    const base64 = toBase64(new Uint8Array(await blob.arrayBuffer()))
    const request = stores.boss.request('run:picture', { name: reportName(report), base64 })
    return await attempt('The picture could not be saved', request)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return fail(`The picture could not be made: ${why}`)
  }
}

/** In pieces: a call with a million arguments overflows the stack. */
function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(binary)
}
