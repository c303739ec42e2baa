import { createStore } from 'zustand/vanilla'
import { type ProviderWish, wishesWithin } from '../../src-core/provider.ts'
import type { AppSettings } from '../../src-core/schemas.ts'
import type { ListedProvider } from '../../src-preload/contract.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, type Loadable, loaded } from './attempt.ts'
import type { SettingsStore } from './settings-store.ts'

export type ProvidersState = {
  /** In the order of the configuration. */
  readonly providers: readonly ListedProvider[]
  /** What each has to give, by name; absent where it was never asked. */
  readonly offers: ReadonlyMap<string, Loadable<string>>
}

/** What gives machines for a time, and what it has to give. */
export class ProvidersStore {
  readonly #boss: BossClient
  readonly #settings: SettingsStore
  readonly store = createStore<ProvidersState>(() => ({ providers: [], offers: new Map() }))

  constructor(boss: BossClient, settings: SettingsStore) {
    this.#boss = boss
    this.#settings = settings
  }

  /** As the configuration was last read. Why it can't be read is said of the machines, which stand in it, too. */
  async load(): Promise<void> {
    const reply = await attempt(
      'The providers could not be read',
      this.#boss.request('providers:list', {}),
    )
    const { providers } = this.store.getState()
    if (!reply.ok || JSON.stringify(reply.value) === JSON.stringify(providers)) return
    this.store.setState({ providers: reply.value })
  }

  /** Asks each what it has to give; what was said before stays until then. */
  async describe(): Promise<void> {
    await Promise.all(this.store.getState().providers.map(({ name }) => this.#describe(name)))
  }

  /** What the next run is to have. */
  wishes(): readonly ProviderWish[] {
    const wishes = this.#settings.store.getState().settings?.providers ?? []
    return wishesWithin(wishes, this.store.getState().providers)
  }

  /** Has the next run ask for so many machines; for none with 0. */
  async choose(name: string, nodes: number): Promise<void> {
    const { settings } = this.#settings.store.getState()
    if (settings) await this.#settings.change(withWish(settings, { name, nodes }))
  }

  async #describe(name: string): Promise<void> {
    if (this.store.getState().offers.get(name)?.status !== 'ready') {
      this.#note(name, { status: 'loading' })
    }
    const asked = this.#boss.request('providers:describe', { name })
    this.#note(name, loaded(await attempt('It could not be asked', asked)))
  }

  #note(name: string, offer: Loadable<string>): void {
    const { offers } = this.store.getState()
    this.store.setState({ offers: new Map(offers).set(name, offer) })
  }
}

/** The settings with this wish instead of an earlier one of the same provider; without it where it is for none. */
export function withWish(
  { providers }: Pick<AppSettings, 'providers'>,
  wish: ProviderWish,
): Pick<AppSettings, 'providers'> {
  const others = providers.filter(({ name }) => name !== wish.name)
  return { providers: wish.nodes > 0 ? [...others, wish] : others }
}
