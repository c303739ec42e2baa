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

/**
 * The terminals of this window. Their screens live here and not in a view, so that they keep what
 * they show while another view is in front.
 */
export class TerminalStore {
  readonly #boss: BossClient
  readonly store = createStore<TerminalsState>(() => ({
    tabs: [],
    front: '',
    opening: false,
    problem: null,
  }))
  readonly #screens = new Map<string, Screen>()
  /** Output that came before there was a screen for it: a program may talk before we know its id. */
  readonly #early = new Map<string, string[]>()
  readonly #stops: readonly (() => void)[]

  constructor(boss: BossClient) {
    this.#boss = boss
    this.#stops = [
      this.#boss.on('terminal:data', ({ id, data }) => {
        const screen = this.#screens.get(id)
        if (screen) this.#draw(screen, id, data)
        else this.#early.set(id, [...(this.#early.get(id) ?? []), data])
      }),
      this.#boss.on('terminal:exit', ({ id, code }) => {
        const { tabs } = this.store.getState()
        this.store.setState({ tabs: tabs.map((tab) => (tab.id === id ? { ...tab, code } : tab)) })
      }),
    ]
  }

  /** Shows what runs already: the page was loaded anew, or the window closed and opened again. */
  async load(): Promise<void> {
    const request = this.#boss.request('terminal:list', {})
    const reply = await attemptPlain('The open terminals are not known', request)
    if (!reply.ok) return
    // What came before this reply is in it.
    for (const { id, text } of reply.value) this.#early.set(id, [text])
    const tabs = reply.value.map(({ id, title }) => ({ id, title, code: null }))
    this.store.setState({ tabs, front: tabs[0]?.id ?? '' })
  }

  async open(place: TerminalPlace): Promise<void> {
    this.store.setState({ opening: true, problem: null })
    const reply = await attempt(
      'The terminal could not be opened',
      this.#boss.request('terminal:open', place),
    )
    this.store.setState({ opening: false })
    if (!reply.ok) {
      this.store.setState({ problem: reply.problem })
      return
    }
    const { id, title } = reply.value
    const { tabs } = this.store.getState()
    this.store.setState({ tabs: [...tabs, { id, title, code: null }], front: id })
  }

  /** The screen of a tab, made by `make` when it is first asked for. */
  screenOf<S extends Screen>(id: string, make: () => S): S {
    const known = this.#screens.get(id)
    // Each id has one kind of screen: that of the view that asks.
    if (known) return known as S
    const made = make()
    this.#screens.set(id, made)
    for (const text of this.#early.get(id) ?? []) this.#draw(made, id, text)
    this.#early.delete(id)
    return made
  }

  show(id: string): void {
    this.store.setState({ front: id })
  }

  dismiss(): void {
    this.store.setState({ problem: null })
  }

  type(id: string, data: string): void {
    void this.#boss.request('terminal:write', { id, data })
  }

  resize(id: string, cols: number, rows: number): void {
    void this.#boss.request('terminal:resize', { id, cols, rows })
  }

  /** Ends what runs in a tab and takes the tab away. */
  close(id: string): void {
    void this.#boss.request('terminal:close', { id })
    this.#remove(id)
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
    for (const screen of this.#screens.values()) screen.dispose()
  }

  #draw(screen: Screen, id: string, text: string): void {
    screen.write(text, () => void this.#boss.request('terminal:ack', { id, chars: text.length }))
  }

  #remove(id: string): void {
    const { tabs, front } = this.store.getState()
    const at = tabs.findIndex((tab) => tab.id === id)
    const rest = tabs.filter((tab) => tab.id !== id)
    this.#screens.get(id)?.dispose()
    this.#screens.delete(id)
    this.#early.delete(id)
    const next = rest[Math.min(at, rest.length - 1)]?.id ?? ''
    this.store.setState({ tabs: rest, front: front === id ? next : front })
  }
}
