import { Tabs } from '@base-ui/react/tabs'
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
    <Tabs.Root
      className="terminal-view"
      value={front}
      onValueChange={(id: string) => terminals.show(id)}
    >
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
    </Tabs.Root>
  )
}

function TerminalTabs({ tabs, front }: { tabs: readonly TerminalTab[]; front: string }) {
  const { terminals, view } = useStores()
  const close = ({ id, code }: TerminalTab) =>
    code === null ? view.openDialog({ name: 'close-terminal', id }) : terminals.close(id)
  return (
    <div className="terminal-tabs">
      <Tabs.List aria-label="Terminals" activateOnFocus>
        {tabs.map((tab) => (
          <Tabs.Tab
            key={tab.id}
            id={`terminal-tab-${tab.id}`}
            value={tab.id}
            onKeyDown={(event) => event.key === 'Delete' && close(tab)}
          >
            {tab.title}
            {tab.code !== null && <span className="soft">, {endText(tab.code)}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
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
  return <Tabs.Panel ref={place} className="terminal-front" value={id} tabIndex={-1} />
}
