import { plural } from '../../src-core/basics/words.ts'
import type { BisectState, BisectVerdict } from '../../src-core/bisect/bisect-state.ts'
import { replyText, verdictLines } from '../../src-core/bisect/bisect-texts.ts'
import type { PatchHunk } from '../../src-core/bisect/patch-hunks.ts'
import type { BuildRef } from '../../src-core/schemas.ts'
import { useStores } from '../state/use-stores.ts'
import { BoardLinks } from '../summary/BoardLinks.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Button } from '../ui/controls.tsx'
import { useOpenTest } from './use-open-test.ts'

type Culprit = Extract<BisectVerdict, { kind: 'culprit' }>

/** What a search found for some boards. */
export function VerdictCard({ verdict, search }: { verdict: BisectVerdict; search: BisectState }) {
  const open = useOpenTest(search)
  const { view } = useStores()
  if (verdict.kind === 'culprit') {
    return (
      <CulpritCard
        verdict={verdict}
        search={search}
        onOpen={(board) => void open(board, verdict.commit.upto)}
      />
    )
  }
  const [first = '', ...rest] = verdictLines(verdict, search)
  return (
    <section className="verdict" aria-label="Verdict">
      <h3>{first}</h3>
      {rest.length > 0 && (
        <ul className="mono">
          {rest.map((line) => (
            <li key={line}>{line.trim()}</li>
          ))}
        </ul>
      )}
      {verdict.kind === 'bad at the start' && (
        <div className="bisect-tools">
          <Button
            icon="search"
            onClick={() =>
              view.openDialog({ name: 'find-commit', build: lastBuild(verdict, search) })
            }
          >
            Choose an earlier good end …
          </Button>
        </div>
      )}
      {verdict.kind === 'one of' && (
        <div className="bisect-tools">
          <CopyButton label="Copy the bisect log" text={() => verdict.bisectLog} />
        </div>
      )}
    </section>
  )
}

/** Of the leading board, at the bad end. */
function lastBuild({ boards }: BisectVerdict, { runId, commits }: BisectState): BuildRef {
  return { runId, board: boards[0] ?? '', upto: commits.length - 1 }
}

function CulpritCard({
  verdict,
  search,
  onOpen,
}: {
  verdict: Culprit
  search: BisectState
  onOpen: (board: string) => void
}) {
  const { commit, date, proof, problem, hunks, boards, bisectLog } = verdict
  return (
    <section className="verdict" aria-label="Verdict">
      <header className="report-head">
        <h3>
          <code>{commit.hash.slice(0, 12)}</code> {commit.subject}
        </h3>
        <div className="bisect-tools">
          <CopyButton label="Copy as reply" text={() => replyText(verdict, search)} />
          <CopyButton label="Copy the bisect log" text={() => bisectLog} />
        </div>
      </header>
      <p className="soft">
        {commit.author} · <time dateTime={date}>{date.slice(0, 10)}</time>
      </p>
      <p>{sentence(proof)}.</p>
      {problem !== '' && <code className="verdict-problem">{problem}</code>}
      {hunks.map((hunk) => (
        <Hunk key={`${hunk.file} ${hunk.lines[0]}`} hunk={hunk} />
      ))}
      <h4>It broke {plural(boards.length, 'board')}</h4>
      <BoardLinks boards={boards} onOpen={onOpen} />
    </section>
  )
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

/** A part of the commit's patch. Lines say by their sign, not by a hue, what became of them. */
function Hunk({ hunk: { file, lines } }: { hunk: PatchHunk }) {
  return (
    <figure className="hunk">
      <figcaption className="mono">{file}</figcaption>
      <pre>
        {numbered(lines).map(({ line, number }) => (
          <span key={number} data-sign={line.slice(0, 1)}>
            {line}
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  )
}

/** Lines of a patch may be equal: they are told apart by their place. */
function numbered(lines: readonly string[]) {
  return lines.map((line, number) => ({ line, number }))
}
