import { htmlReport } from './html-report.ts'
import { junitReport } from './junit-report.ts'
import type { ReportSource } from './report-source.ts'
import { sarifReport } from './sarif-report.ts'
import { reportText } from './text-report.ts'
import { traceReport } from './trace-report.ts'

export const reportKinds = ['html', 'junit', 'sarif', 'trace', 'txt'] as const
export type ReportKind = (typeof reportKinds)[number]

/** A run in one of the forms that others read. */
export function reportAs(kind: ReportKind, source: ReportSource): string {
  switch (kind) {
    case 'html':
      return htmlReport(source)
    case 'junit':
      return junitReport(source)
    case 'sarif':
      return sarifReport(source)
    case 'trace':
      return traceReport(source)
    case 'txt':
      return reportText(source.report)
  }
}

/** How the name of such a file ends. */
export const reportEndings: Readonly<Record<ReportKind, string>> = {
  html: 'html',
  junit: 'xml',
  sarif: 'sarif',
  trace: 'json',
  txt: 'txt',
}
