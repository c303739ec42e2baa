import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ok } from '../../src-core/result.ts'
import { newestOnly } from './newest-only.ts'

test('a call ends the one before it, which says so, and the newest is answered', async () => {
  const ended: string[] = []
  const plan = newestOnly(async (choice: string, signal) => {
    if (choice === 'last') return ok(choice)
    await once(signal, 'abort')
    ended.push(choice)
    signal.throwIfAborted()
    return ok(choice)
  })
  const [first, second, last] = await Promise.all([plan('first'), plan('second'), plan('last')])
  expect(ended).toEqual(['first', 'second'])
  expect([first.ok, second.ok, last]).toEqual([false, false, ok('last')])
})

test('what is answered in spite of that is no failure, and a mistake is thrown', async () => {
  const answer = newestOnly(async (text: string) => {
    if (text === 'wrong') throw new Error('a mistake')
    return ok(text)
  })
  expect(await Promise.all([answer('a'), answer('b')])).toEqual([ok('a'), ok('b')])
  await expect(answer('wrong')).rejects.toThrow('a mistake')
})
