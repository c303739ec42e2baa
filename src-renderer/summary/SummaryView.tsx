import { useEffect } from 'react'
import { machineTitle, plural } from '../../src-core/basics/words.ts'
import type { RunReport } from '../../src-core/reports/run-report.ts'
import { asBeforeText, headline, reportText } from '../../src-core/reports/text-report.ts'
import type { BuildMark } from '../../src-core/run/build-mark.ts'
import { commands } from '../../src-preload/commands.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import { useRun, useStores, useSummary } from '../state/use-stores.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Button, ProblemNote, Working } from '../ui/controls.tsx'
import { CommitSection } from './CommitSection.tsx'
import { FaultList } from './FaultList.tsx'
import { LineSection } from './LineSection.tsx'
import { SizeSection } from './SizeSection.tsx'
import { useOpenBuild } from './use-open-build.ts'
import '../ui/report-view.css'
import './summary.css'

/** What the run did, commit by commit: what broke, what was fixed, whom it hits, how sizes changed. */
export function SummaryView() {
  const { summary } = useStores()
  const report = useSummary((state) => state.report)
  const open = useOpenBuild()
  const isOwn = useRun((run) => run.sentAs === '')
  useEffect(() => summary.watch(), [summary])
  if (!report) return <Working what="Adding up the run …" />
  return (
    <div className="report-view summary-view">
      <SummaryHead report={report} />
      <LogsNote />
      <Commits report={report} />
      {report.notesLines && isOwn && <LineSection report={report} />}
      {report.commits.length > 1 && report.standing.length > 0 && (
        <section>
          <h3>Still there in the end</h3>
          <FaultList
            faults={report.standing.map(({ change, since }) => ({
              change,
              upto: report.commits.length - 1,
              note: `since ${report.commits[since]?.commit.hash.slice(0, 8) ?? ''}`,
            }))}
            onOpen={open}
          />
        </section>
      )}
      <SizeSection report={report} />
    </div>
  )
}

function SummaryHead({ report }: { report: RunReport }) {
  const running = useRun((run) => run.status === 'running')
  const { counts } = report
  return (
    <header className="report-head">
      <div>
        <h2>{headline(report)}</h2>
        <p className="summary-counts">
          <Count mark="failed" count={counts.failed} />
          {counts['no boot'] > 0 && <Count mark="no boot" count={counts['no boot']} />}
          <Count mark="warnings" count={counts.warnings} />
          <Count mark="ok" count={counts.ok} />
          {counts['not built'] > 0 && <Count mark="not built" count={counts['not built']} />}
          {report.asBefore > 0 && <span className="soft">{asBeforeText(report.asBefore)}</span>}
          {running && <span className="soft">{plural(counts.open, 'build')} to go</span>}
        </p>
        <p className="soft">
          {report.machines
            .map(
              ({ name, built, failed }) =>
                `${machineTitle(name)} ${built.toLocaleString('en')}${failed > 0 ? ` (${failed} failed)` : ''}`,
            )
            .join(' · ')}
        </p>
      </div>
      <Exports report={report} />
    </header>
  )
}

function Count({ mark, count }: { mark: BuildMark; count: number }) {
  return (
    <span>
      <StatusGlyph mark={mark} /> <b>{count.toLocaleString('en')}</b> {mark}
    </span>
  )
}

function Exports({ report }: { report: RunReport }) {
  const { view } = useStores()
  const { runId } = report
  return (
    <div className="summary-exports">
      <CopyButton label="Copy as text" text={() => reportText(report)} />
      <Button icon="save" onClick={() => view.openDialog({ name: 'save-report', runId })}>
        {commands['save-report'].title}
      </Button>
    </div>
  )
}

/** Whether warnings and everything else that only logs say is in the report. */
function LogsNote() {
  const { summary } = useStores()
  const logs = useSummary((state) => state.logs)
  const problem = useSummary((state) => state.problem)
  switch (logs) {
    case 'yes':
      return null
    case 'reading':
      return (
        <p className="soft summary-note" role="status">
          Reading the logs for warnings and sizes …
        </p>
      )
    case 'no':
      return (
        <p className="soft summary-note">
          So far. Warnings are read from the logs when the run has ended.{' '}
          <Button kind="quiet" onClick={() => void summary.readLogs()}>
            Read them now
          </Button>
        </p>
      )
    case 'failed':
      return (
        problem && (
          <ProblemNote problem={problem}>
            <Button onClick={() => void summary.readLogs()}>Try again</Button>
          </ProblemNote>
        )
      )
  }
}

function Commits({ report }: { report: RunReport }) {
  const told = report.commits.filter(({ quiet }) => !quiet)
  const quiet = report.commits.filter((commit) => commit.quiet)
  return (
    <>
      {told.map((commit) => (
        <CommitSection key={commit.commit.upto} report={commit} />
      ))}
      {quiet.length > 0 && (
        <details className="summary-quiet">
          <summary>
            {told.length === 0 && quiet.length === 1
              ? 'Nothing broke, and there is nothing new to tell'
              : `${plural(quiet.length, 'commit')} changed nothing`}
          </summary>
          <ul>
            {quiet.map(({ commit }) => (
              <li key={commit.upto}>
                <code>{commit.hash.slice(0, 8)}</code> {commit.subject}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
