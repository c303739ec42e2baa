import { createStore } from 'zustand/vanilla'
import { problemText } from '../../src-core/result.ts'
import type { AppSettings } from '../../src-core/schemas.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, attemptPlain } from './attempt.ts'

export type SettingsState = {
  /** Null until they have been read. */
  readonly settings: AppSettings | null
  /** What was wrong with the settings file, or with saving it. */
  readonly warnings: readonly string[]
}

export type SettingsStore = ReturnType<typeof createSettingsStore>

/** The app's own settings: shown at once when changed, saved behind that. */
export function createSettingsStore(boss: BossClient) {
  const store = createStore<SettingsState>(() => ({ settings: null, warnings: [] }))

  async function load(): Promise<void> {
    const reply = await attemptPlain(
      'The settings could not be read',
      boss.request('settings:get', {}),
    )
    if (reply.ok) store.setState(reply.value)
    else store.setState({ warnings: [reply.problem.what] })
  }

  async function save(): Promise<void> {
    const { settings } = store.getState()
    if (!settings) return
    const reply = await attempt(
      'The settings could not be saved',
      boss.request('settings:set', settings),
    )
    store.setState({
      warnings: reply.ok ? [] : [problemText(reply.problem)],
    })
  }

  return {
    store,
    load,
    /** Changes some settings. Each change is sent at once: the window may be closed right after it. */
    change(changes: Partial<AppSettings>): Promise<void> {
      const { settings } = store.getState()
      if (!settings) return Promise.resolve()
      store.setState({ settings: { ...settings, ...changes } })
      return save()
    },
    dismissWarnings: () => store.setState({ warnings: [] }),
  }
}
