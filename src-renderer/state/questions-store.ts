import { createStore } from 'zustand/vanilla'
import type { Question } from '../../src-preload/contract.ts'
import type { BossClient } from '../boss-client.ts'

export type QuestionsStore = ReturnType<typeof createQuestionsStore>

/** What the boss asks of a person (a passphrase, a new host key), one after another. */
export function createQuestionsStore(boss: BossClient) {
  const store = createStore<{ readonly waiting: readonly Question[] }>(() => ({ waiting: [] }))
  const dispose = boss.on('question:asked', (question) => {
    const { waiting } = store.getState()
    if (!waiting.some(({ id }) => id === question.id)) {
      store.setState({ waiting: [...waiting, question] })
    }
  })
  return {
    store,
    /** Null means that the person gives no answer: the boss goes on without. */
    answer(id: string, answer: string | null): Promise<void> {
      store.setState({ waiting: store.getState().waiting.filter((other) => other.id !== id) })
      return boss.request('question:answer', { id, answer })
    },
    dispose,
  }
}
