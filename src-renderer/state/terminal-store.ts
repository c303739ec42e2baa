import { createStore } from 'zustand/vanilla'
import type { Problem } from '../../src-core/result.ts'
import type { Args } from '../../src-preload/contract.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, attemptPlain } from './attempt.ts'

export type TerminalPlace = Args<'terminal:open'>

export type TerminalTab = {
  readonly id: string
  readonly title: string
  /** Exit code of what ran in it; null while it runs. */
  readonly code: number | null
}

export type TerminalsState = {
  readonly tabs: readonly TerminalTab[]
  /** Id of the tab in front; empty without any. */
  readonly front: string
  readonly opening: boolean
  /** Why the last one could not be opened. */
  readonly problem: Problem | null
}

/** What draws a terminal. Output is acknowledged when it has been drawn, so that the boss holds back. */
export type Screen = {
  readonly write: (text: string, drawn: () => void) => void
  readonly dispose: () => void
}

export type TerminalStore = ReturnType<typeof createTerminalStore>

/**
 * The terminals of this window. Their screens live here and not in a view, so that they keep what
 * they show while another view is in front.
 */
export function createTerminalStore(boss: BossClient) {
  const store = createStore<TerminalsState>(() => ({
    tabs: [],
    front: '',
    opening: false,
    problem: null,
  }))
  const screens = new Map<string, Screen>()
  /** Output that came before there was a screen for it: a program may talk before we know its id. */
  const early = new Map<string, string[]>()

  function draw(screen: Screen, id: string, text: string) {
    screen.write(text, () => void boss.request('terminal:ack', { id, chars: text.length }))
  }

  function remove(id: string) {
    const { tabs, front } = store.getState()
    const at = tabs.findIndex((tab) => tab.id === id)
    const rest = tabs.filter((tab) => tab.id !== id)
    screens.get(id)?.dispose()
    screens.delete(id)
    early.delete(id)
    const next = rest[Math.min(at, rest.length - 1)]?.id ?? ''
    store.setState({ tabs: rest, front: front === id ? next : front })
  }

  const stops = [
    boss.on('terminal:data', ({ id, data }) => {
      const screen = screens.get(id)
      if (screen) draw(screen, id, data)
      else early.set(id, [...(early.get(id) ?? []), data])
    }),
    boss.on('terminal:exit', ({ id, code }) => {
      const { tabs } = store.getState()
      store.setState({ tabs: tabs.map((tab) => (tab.id === id ? { ...tab, code } : tab)) })
    }),
  ]

  return {
    store,
    /** Shows what runs already: the page was loaded anew, or the window closed and opened again. */
    async load(): Promise<void> {
      const request = boss.request('terminal:list', {})
      const reply = await attemptPlain('The open terminals are not known', request)
      if (!reply.ok) return
      // What came before this reply is in it.
      for (const { id, text } of reply.value) early.set(id, [text])
      const tabs = reply.value.map(({ id, title }) => ({ id, title, code: null }))
      store.setState({ tabs, front: tabs[0]?.id ?? '' })
    },
    async open(place: TerminalPlace): Promise<void> {
      store.setState({ opening: true, problem: null })
      const reply = await attempt(
        'The terminal could not be opened',
        boss.request('terminal:open', place),
      )
      store.setState({ opening: false })
      if (!reply.ok) {
        store.setState({ problem: reply.problem })
        return
      }
      const { id, title } = reply.value
      const { tabs } = store.getState()
      store.setState({ tabs: [...tabs, { id, title, code: null }], front: id })
    },
    /** The screen of a tab, made by `make` when it is first asked for. */
    screenOf<S extends Screen>(id: string, make: () => S): S {
      const known = screens.get(id)
      // Each id has one kind of screen: that of the view that asks.
      if (known) return known as S
      const made = make()
      screens.set(id, made)
      for (const text of early.get(id) ?? []) draw(made, id, text)
      early.delete(id)
      return made
    },
    show: (id: string) => store.setState({ front: id }),
    dismiss: () => store.setState({ problem: null }),
    type: (id: string, data: string) => void boss.request('terminal:write', { id, data }),
    resize: (id: string, cols: number, rows: number) =>
      void boss.request('terminal:resize', { id, cols, rows }),
    /** Ends what runs in a tab and takes the tab away. */
    close(id: string): void {
      void boss.request('terminal:close', { id })
      remove(id)
    },
    dispose(): void {
      for (const stop of stops) stop()
      for (const screen of screens.values()) screen.dispose()
    },
  }
}
