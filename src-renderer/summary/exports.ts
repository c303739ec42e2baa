import { reportHtml } from '../../src-core/reports/html-report.ts'
import { type RunReport, reportName } from '../../src-core/reports/run-report.ts'
import { headline, reportText } from '../../src-core/reports/text-report.ts'
import { fail, type Result } from '../../src-core/result.ts'
import { readCanvasTheme } from '../look/canvas-theme.ts'
import { attempt } from '../state/attempt.ts'
import type { Stores } from '../state/stores.ts'
import { gridPicture } from './grid-picture.ts'

export const exportKinds = ['html', 'png', 'txt'] as const
export type ExportKind = (typeof exportKinds)[number]

/**
 * Saves a report where the person says. The value is the file's path, or null if they gave up.
 * The picture is of the run that is shown.
 */
export async function saveReport(
  stores: Stores,
  report: RunReport,
  kind: ExportKind,
): Promise<Result<string | null>> {
  try {
    const base64 = await contentOf(stores, report, kind)
    const request = stores.boss.request('run:export', {
      name: reportName(report),
      kind,
      base64,
    })
    return await attempt('The report could not be saved', request)
  } catch (error) {
    return fail(
      `The report could not be made: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

async function contentOf(stores: Stores, report: RunReport, kind: ExportKind): Promise<string> {
  switch (kind) {
    case 'txt':
      return toBase64(new TextEncoder().encode(reportText(report)))
    case 'png':
      return toBase64(await picture(stores, report))
    case 'html': {
      const image = `data:image/png;base64,${toBase64(await picture(stores, report))}`
      return toBase64(new TextEncoder().encode(reportHtml(report, image)))
    }
  }
}

async function picture(stores: Stores, report: RunReport): Promise<Uint8Array> {
  const chosen = stores.settings.store.getState().settings?.machineColours ?? {}
  const theme = readCanvasTheme(document.body)
  const blob = await gridPicture(stores.runs.run(), headline(report), theme, chosen)
  return new Uint8Array(await blob.arrayBuffer())
}

/** In pieces: a call with a million arguments overflows the stack. */
function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(binary)
}
