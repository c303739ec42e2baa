import { plural, sentence } from '../../src-core/basics/words.ts'
import { byArch, type CommitReport, listNames } from '../../src-core/reports/run-report.ts'
import { sizeTexts } from '../../src-core/reports/size-texts.ts'
import { cellOf } from '../../src-core/run/run-state.ts'
import type { BoardChange } from '../../src-core/summary/boards.ts'
import type { LineChange } from '../../src-core/summary/lines.ts'
import { askToFindCommit } from '../bisect/find-commit.ts'
import { useRun, useStores } from '../state/use-stores.ts'
import { BoardLinks } from './BoardLinks.tsx'
import { FaultList, type ListedFault } from './FaultList.tsx'
import { FootprintList } from './FootprintList.tsx'
import { useOpenBuild } from './use-open-build.ts'

export function commitId(upto: number): string {
  return `commit-${upto}`
}

/** What one commit did. */
export function CommitSection({ report }: { report: CommitReport }) {
  const { commit, came, went, stillFailing, notBuilt } = report
  const names = listNames(report)
  const open = useOpenBuild()
  const faults = (lines: readonly LineChange[]): readonly ListedFault[] =>
    lines.map((change) => ({ change, upto: commit.upto, note: '' }))
  return (
    <section className="commit-section" id={commitId(commit.upto)}>
      <h3>
        {commit.currentSource ? (
          'Current source'
        ) : (
          <>
            <code>{commit.hash.slice(0, 8)}</code> {commit.subject}
          </>
        )}
        <span className="author">{commit.author}</span>
      </h3>
      <Boards title={names.broken} look="bad" changes={report.broken} upto={commit.upto} />
      <Boards title="Fixed" changes={report.fixed} upto={commit.upto} />
      {stillFailing > 0 && (
        <p className="soft">{plural(stillFailing, 'board')} failed before, too.</p>
      )}
      <Boards title={names.warned} changes={report.warned} upto={commit.upto} />
      <Boards title="Warnings gone" changes={report.cleared} upto={commit.upto} />
      {came.length > 0 && (
        <>
          <h4>{names.came}</h4>
          <FaultList faults={faults(came)} onOpen={open} />
        </>
      )}
      {went.length > 0 && (
        <details>
          <summary>{plural(went.length, 'error or warning', 'errors and warnings')} gone</summary>
          <FaultList faults={faults(went)} onOpen={open} />
        </details>
      )}
      {sizeTexts(report.sizes).map((text) => (
        <p key={text} className="soft">
          {sentence(text)}
        </p>
      ))}
      <FootprintList groups={report.footprints} onOpen={(board) => open(board, commit.upto)} />
      {notBuilt.map(({ reason, boards }) => (
        <div key={reason}>
          <h4>
            Not built: {plural(boards.length, 'board')}, {reason}
          </h4>
          <BoardLinks boards={boards} onOpen={(board) => open(board, commit.upto)} />
        </div>
      ))}
    </section>
  )
}

/** For the first of the boards, with those that complain of the same. */
function FindCommit({ board, upto }: { board: string; upto: number }) {
  const stores = useStores()
  const isOwn = useRun((run) => run.sentAs === '')
  if (!isOwn) return null
  const cell = cellOf(stores.runs.run(), board, upto)
  return (
    <button type="button" className="launch-link" onClick={() => askToFindCommit(stores, cell)}>
      Find the commit …
    </button>
  )
}

function Boards({
  title,
  look,
  changes,
  upto,
}: {
  title: string
  look?: 'bad'
  changes: readonly BoardChange[]
  upto: number
}) {
  const open = useOpenBuild()
  if (changes.length === 0) return null
  return (
    <>
      <h4 data-look={look}>
        {title}: {plural(changes.length, 'board')}
        {look === 'bad' && <FindCommit board={changes[0]?.board ?? ''} upto={upto} />}
      </h4>
      <dl className="arch-boards">
        {[...byArch(changes)].map(([arch, boards]) => (
          <div key={arch}>
            <dt>{arch || 'no architecture'}</dt>
            <dd>
              <BoardLinks boards={boards} onOpen={(board) => open(board, upto)} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
