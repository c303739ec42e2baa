import { useEffect, useRef } from 'react'
import type { TerminalTab } from '../state/terminal-store.ts'
import { useStores, useTerminals } from '../state/use-stores.ts'
import { Empty, IconButton, ProblemNote, Working } from '../ui/controls.tsx'
import { NewTerminal } from './NewTerminal.tsx'
import { readTerminalTheme, TerminalScreen } from './terminal-screen.ts'
import './terminal.css'

/** Shells in the tree, on machines and in the output folders of builds. */
export function TerminalView() {
  const { terminals } = useStores()
  const tabs = useTerminals((state) => state.tabs)
  const front = useTerminals((state) => state.front)
  const opening = useTerminals((state) => state.opening)
  const problem = useTerminals((state) => state.problem)
  return (
    <div className="terminal-view">
      {tabs.length > 0 && <TerminalTabs tabs={tabs} front={front} />}
      {problem && (
        <ProblemNote problem={problem}>
          <button type="button" className="launch-link" onClick={() => terminals.dismiss()}>
            Close
          </button>
        </ProblemNote>
      )}
      {tabs.length === 0 &&
        (opening ? (
          <Working what="Opening a terminal …" />
        ) : (
          <Empty title="No terminal is open">
            <p>A terminal opens in the tree, on a machine, or where a board was built.</p>
            <NewTerminal />
          </Empty>
        ))}
      {front !== '' && <Front key={front} id={front} />}
    </div>
  )
}

function TerminalTabs({ tabs, front }: { tabs: readonly TerminalTab[]; front: string }) {
  const { terminals, view } = useStores()
  const step = (by: number) => {
    const at = tabs.findIndex(({ id }) => id === front)
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (!next) return
    terminals.show(next.id)
    document.getElementById(`terminal-tab-${next.id}`)?.focus()
  }
  const close = ({ id, code }: TerminalTab) =>
    code === null ? view.openDialog({ name: 'close-terminal', id }) : terminals.close(id)
  return (
    <div className="terminal-tabs">
      <div role="tablist" aria-label="Terminals">
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`terminal-tab-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === front}
            aria-controls="terminal-front"
            tabIndex={tab.id === front ? 0 : -1}
            onClick={() => terminals.show(tab.id)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') step(1)
              if (event.key === 'ArrowLeft') step(-1)
              if (event.key === 'Delete') close(tab)
            }}
          >
            {tab.title}
            {tab.code !== null && <span className="soft">, {endText(tab.code)}</span>}
          </button>
        ))}
      </div>
      <NewTerminal small />
      <span className="soft terminal-hint">F6 leaves the terminal</span>
      {tabs
        .filter(({ id }) => id === front)
        .map((tab) => (
          <IconButton
            key={tab.id}
            name={`Close ${tab.title}`}
            icon="close"
            onClick={() => close(tab)}
          />
        ))}
    </div>
  )
}

function endText(code: number): string {
  return code === 0 ? 'ended' : `ended with ${code}`
}

function Front({ id }: { id: string }) {
  const { boss, terminals } = useStores()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const screen = terminals.screenOf(
      id,
      () =>
        new TerminalScreen({
          onInput: (text) => terminals.type(id, text),
          onSize: (cols, rows) => terminals.resize(id, cols, rows),
          onCopy: (text) => void boss.request('clipboard:write', { text }),
          onLeave: () => document.getElementById(`terminal-tab-${id}`)?.focus(),
        }),
    )
    const dress = () => screen.setTheme(readTerminalTheme(element))
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const observer = new ResizeObserver(() => screen.fit())
    screen.mount(element)
    dress()
    screen.focus()
    observer.observe(element)
    dark.addEventListener('change', dress)
    return () => {
      observer.disconnect()
      dark.removeEventListener('change', dress)
      screen.unmount()
    }
  }, [id, boss, terminals])
  return (
    <div
      ref={place}
      id="terminal-front"
      className="terminal-front"
      role="tabpanel"
      aria-labelledby={`terminal-tab-${id}`}
    />
  )
}
