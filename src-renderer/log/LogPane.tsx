import { useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { LogGap } from '../../src-preload/contract.ts'
import { useBuild, useStores, useView } from '../state/use-stores.ts'
import { Button, Empty, ProblemNote, Working } from '../ui/controls.tsx'
import { LogSearch } from './LogSearch.tsx'
import { LogEditor, type LogEvents } from './log-editor.ts'
import { stopsOf } from './stops.ts'
import './log.css'

/** The log of the build that is open, or why there is none. Hands its editor to the one around it. */
export function LogPane({
  board,
  waiting,
  events,
  editor,
  onEditor,
}: {
  board: string
  /** Why there is no log, in words. */
  waiting: string
  events: Omit<LogEvents, 'onSearch'>
  editor: LogEditor | null
  onEditor: (editor: LogEditor | null) => void
}) {
  const [searchPlace, setSearchPlace] = useState<HTMLElement | null>(null)
  const parent = useRef<HTMLDivElement>(null)
  const newest = useRef(events)
  const log = useBuild((build) => build.log)
  useEffect(() => {
    newest.current = events
  })
  useLogEditor(parent, newest, setSearchPlace, onEditor)
  useLogFocus(editor)
  return (
    <section
      className="log-pane"
      aria-label={`Log of ${board}`}
      data-quiet={log === 'none' || undefined}
    >
      <LogNotice waiting={waiting} />
      <div className="log-editor" ref={parent} />
      {editor && searchPlace && createPortal(<LogSearch editor={editor} />, searchPlace)}
    </section>
  )
}

function LogNotice({ waiting }: { waiting: string }) {
  const { build } = useStores()
  const log = useBuild((state) => state.log)
  const problem = useBuild((state) => state.problem)
  const gaps = useBuild((state) => state.gaps)
  if (log === 'none') return <Empty title="No log">{waiting && <p>{waiting}</p>}</Empty>
  if (log === 'failed' && problem) {
    return (
      <ProblemNote problem={problem}>
        <Button onClick={() => build.reload()}>Try again</Button>
      </ProblemNote>
    )
  }
  if (log === 'loading' && build.text() === '') return <Working what="Reading the log …" />
  if (gaps.length > 0) return <p className="log-note">{gaps.map(gapText).join(' ')}</p>
  return null
}

function gapText({ stream, bytes, line }: LogGap): string {
  const what = `${bytes.toLocaleString('en')} bytes of ${stream}`
  return `${what} are not kept: they are missing at line ${line.toLocaleString('en')}.`
}

/** One editor for as long as the details are open; another build only changes its text. */
function useLogEditor(
  parent: React.RefObject<HTMLDivElement | null>,
  events: React.RefObject<Omit<LogEvents, 'onSearch'>>,
  onSearch: LogEvents['onSearch'],
  onEditor: (editor: LogEditor | null) => void,
): void {
  const { build } = useStores()
  useEffect(() => {
    if (!parent.current) return
    const editor = new LogEditor(parent.current, 'Log', {
      onSearch,
      onLine: (line) => events.current.onLine(line),
      onKey: (key) => events.current.onKey(key),
      onOpen: (line) => events.current.onOpen(line),
    })
    let live = build.store.getState().log === 'live'
    const show = () => {
      const { diagnostics, log } = build.store.getState()
      editor.setText(build.text())
      editor.mark(diagnostics)
      const first = stopsOf(diagnostics)[0]
      if (first) editor.goTo(first.logLine)
      else if (live) editor.goToEnd()
      live = log === 'live'
    }
    const stops = [
      build.onText((change) => (change === 'replaced' ? show() : editor.append(change.added))),
      build.store.subscribe((now, before) => {
        if (now.diagnostics !== before.diagnostics) editor.mark(now.diagnostics)
      }),
    ]
    show()
    onEditor(editor)
    return () => {
      for (const stop of stops) stop()
      onEditor(null)
      editor.dispose()
    }
  }, [parent, events, onSearch, onEditor, build])
}

/** Takes the focus when the person asked to read the log, not when a click only showed it. */
function useLogFocus(editor: LogEditor | null): void {
  const { view } = useStores()
  const wanted = useView((state) => state.logWanted)
  useEffect(() => {
    if (!editor || !wanted) return
    editor.focus()
    view.change({ logWanted: false })
  }, [editor, wanted, view])
}
