import { createStore } from 'zustand/vanilla'
import type { NewerRelease } from '../../src-core/releases.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, type Loadable, loaded } from './attempt.ts'

export type UpdateState = {
  /** Null where there is nothing newer. */
  readonly found: Loadable<NewerRelease | null>
  /** The line about it was closed. */
  readonly dismissed: boolean
}

export type UpdateStore = ReturnType<typeof createUpdateStore>

/** Whether there is a newer version of the app; nothing asks but `look`. */
export function createUpdateStore(boss: BossClient) {
  const store = createStore<UpdateState>(() => ({ found: { status: 'idle' }, dismissed: false }))
  return {
    store,
    async look(): Promise<void> {
      store.setState({ found: { status: 'loading' }, dismissed: false })
      const reply = await attempt('Nobody could be asked', boss.request('app:update', {}))
      store.setState({ found: loaded(reply) })
    },
    dismiss: () => store.setState({ dismissed: true }),
  }
}
