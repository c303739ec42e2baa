import type { Question } from '../../src-preload/contract.ts'
import type { Asker } from '../machines/ssh-login/asker.ts'

/** Questions that wait for the person in front of the window. */
export type Questions = {
  readonly asker: Asker
  /** An answer from the window; null where the person gave up. Late ones are ignored. */
  answer(id: string, answer: string | null): void
  /** What still waits: a page that was loaded anew has to be asked again. */
  pending(): readonly Question[]
}

/** A question without the number that is given to it here. */
type Unnumbered =
  | Omit<Extract<Question, { kind: 'secret' }>, 'id'>
  | Omit<Extract<Question, { kind: 'host-key' }>, 'id'>

export function createQuestions(show: (question: Question) => void): Questions {
  const waiting = new Map<string, { question: Question; settle(answer: string | null): void }>()
  let count = 0

  function ask(unnumbered: Unnumbered, signal: AbortSignal): Promise<string | null> {
    if (signal.aborted) return Promise.resolve(null)
    const id = `question-${++count}`
    const question: Question = { ...unnumbered, id }
    return new Promise((resolve) => {
      const settle = (answer: string | null) => {
        waiting.delete(id)
        signal.removeEventListener('abort', giveUp)
        resolve(answer)
      }
      const giveUp = () => settle(null)
      signal.addEventListener('abort', giveUp, { once: true })
      waiting.set(id, { question, settle })
      show(question)
    })
  }

  const asker: Asker = {
    async hostKey({ machine, host, keyType, fingerprint, signal }) {
      const named = machine === host ? machine : `${machine} (${host})`
      const answer = await ask({ kind: 'host-key', machine: named, keyType, fingerprint }, signal)
      return answer === 'once' || answer === 'always' ? answer : 'refuse'
    },
    passphrase({ machine, keyFile, attempt, signal }) {
      const again = attempt > 1 ? 'That was not it. ' : ''
      const text = `${again}Passphrase of the key ${keyFile}`
      return ask({ kind: 'secret', machine, text }, signal)
    },
    async interactive({ machine, title, instructions, prompts, signal }) {
      const answers: string[] = []
      for (const prompt of prompts) {
        const text = [title, instructions, prompt.text].filter((part) => part !== '').join('\n')
        const answer = await ask({ kind: 'secret', machine, text }, signal)
        if (answer === null) return null
        answers.push(answer)
      }
      return answers
    },
  }

  return {
    asker,
    answer: (id, answer) => waiting.get(id)?.settle(answer),
    pending: () => [...waiting.values()].map(({ question }) => question),
  }
}
