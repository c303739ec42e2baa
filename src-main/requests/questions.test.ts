import { expect, test } from 'vitest'
import type { Question } from '../../src-preload/contract.ts'
import { createQuestions } from './questions.ts'

function setUp() {
  const shown: Question[] = []
  const questions = createQuestions((question) => shown.push(question))
  const stop = new AbortController()
  const key = {
    machine: 'moa',
    host: '[10.0.0.7]:2222',
    keyType: 'ssh-ed25519',
    fingerprint: 'SHA256:x',
  }
  return {
    shown,
    questions,
    stop,
    askHostKey: () => questions.asker.hostKey({ ...key, signal: stop.signal }),
  }
}

test('a host key is trusted only where the answer says so', async () => {
  const { shown, questions, askHostKey } = setUp()
  const answers = [askHostKey(), askHostKey(), askHostKey()]
  expect(shown[0]).toMatchObject({ kind: 'host-key', machine: 'moa ([10.0.0.7]:2222)' })
  for (const [index, answer] of ['always', 'sure, why not', null].entries()) {
    questions.answer(shown[index]?.id ?? '', answer)
  }
  expect(await Promise.all(answers)).toEqual(['always', 'refuse', 'refuse'])
})

test('a page loaded anew can be asked again, and an answer counts once', async () => {
  const { shown, questions, askHostKey } = setUp()
  const answer = askHostKey()
  expect(questions.pending()).toEqual(shown)
  questions.answer(shown[0]?.id ?? '', 'once')
  questions.answer(shown[0]?.id ?? '', 'always')
  expect(await answer).toBe('once')
  expect(questions.pending()).toEqual([])
})

test('when nobody waits any more the question is gone', async () => {
  const { questions, stop, askHostKey } = setUp()
  const answer = askHostKey()
  stop.abort()
  expect(await answer).toBe('refuse')
  expect(questions.pending()).toEqual([])
  expect(await askHostKey()).toBe('refuse')
})

test('prompts are asked one after the other until one is refused', async () => {
  const { shown, questions, stop } = setUp()
  const prompts = ['Code: ', 'Again: '].map((text) => ({ text, echo: false }))
  const answers = questions.asker.interactive({
    machine: 'moa',
    title: 'Two steps',
    instructions: '',
    prompts,
    signal: stop.signal,
  })
  questions.answer(shown[0]?.id ?? '', '123')
  await Promise.resolve()
  await Promise.resolve()
  expect(shown[1]).toMatchObject({ kind: 'secret', text: 'Two steps\nAgain: ' })
  questions.answer(shown[1]?.id ?? '', null)
  expect(await answers).toBeNull()
})
