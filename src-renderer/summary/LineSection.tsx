import { type FormEvent, useEffect, useRef, useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import type { RunReport } from '../../src-core/reports/run-report.ts'
import {
  type LineCompilers,
  parseSourceLine,
  type SourceLine,
} from '../../src-core/summary/footprint.ts'
import { attempt, type Loadable, loaded } from '../state/attempt.ts'
import { useStores, useView } from '../state/use-stores.ts'
import { Button, ProblemNote, Working } from '../ui/controls.tsx'
import { BoardLinks } from './BoardLinks.tsx'
import { useOpenBuild } from './use-open-build.ts'

type Found = Loadable<{ readonly asked: SourceLine; readonly commits: readonly LineCompilers[] }>

/** Asks which boards of the run compile a line of the source. */
export function LineSection({ report }: { report: RunReport }) {
  const { boss, view } = useStores()
  const field = useRef<HTMLInputElement>(null)
  const wanted = useView((state) => state.lineWanted)
  useEffect(() => {
    if (!wanted) return
    field.current?.focus()
    field.current?.scrollIntoView({ block: 'center' })
    view.change({ lineWanted: false })
  }, [view, wanted])
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<Found>({ status: 'idle' })
  const asked = parseSourceLine(typed)
  const ask = async (event: FormEvent) => {
    event.preventDefault()
    if (!asked) return
    setFound({ status: 'loading' })
    const request = boss.request('run:line-compilers', { runId: report.runId, ...asked })
    const reply = await attempt('The results of this run could not be read', request)
    setFound(loaded(reply.ok ? { ok: true, value: { asked, commits: reply.value } } : reply))
  }
  return (
    <section>
      <h3>Who compiles a line</h3>
      <form className="line-question" onSubmit={(event) => void ask(event)}>
        <input
          ref={field}
          className="field"
          aria-label="A source and the number of its line"
          placeholder="common/main.c:120"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" disabled={!asked}>
          Find its boards
        </Button>
      </form>
      <Answer report={report} found={found} />
    </section>
  )
}

function Answer({ report, found }: { report: RunReport; found: Found }) {
  if (found.status === 'idle') return null
  if (found.status === 'loading') return <Working what="Reading what the builds noted …" />
  if (found.status === 'failed') return <ProblemNote problem={found.problem} />
  const { asked, commits } = found.value
  return (
    <div role="status">
      <p className="soft">
        <code>
          {asked.source}:{asked.line}
        </code>
      </p>
      {commits.map((compilers) => (
        <AtCommit key={compilers.upto} report={report} compilers={compilers} />
      ))}
    </div>
  )
}

function AtCommit({
  report,
  compilers: { upto, compiled, others, unknown },
}: {
  report: RunReport
  compilers: LineCompilers
}) {
  const open = useOpenBuild()
  const commit = report.commits[upto]?.commit
  const known = compiled.length + others.length
  if (known === 0) {
    return (
      <p className="soft">
        No build noted its lines. “Note which lines are compiled” in the settings has builds do so.
      </p>
    )
  }
  return (
    <>
      <h4>
        Compiled by {compiled.length.toLocaleString('en')} of {plural(known, 'board')}
        {report.commits.length > 1 && commit && <span className="soft"> at {commit.subject}</span>}
      </h4>
      <BoardLinks boards={compiled} onOpen={(board) => open(board, upto)} />
      {unknown.length > 0 && (
        <p className="soft">{plural(unknown.length, 'board')} noted no lines there.</p>
      )}
    </>
  )
}
