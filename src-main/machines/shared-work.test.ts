import { expect, test } from 'vitest'
import { deferred } from '../../src-core/basics/deferred.ts'
import { createSharedWork } from './shared-work.ts'

/** Work that settles when it is told to; knows how often it began and whether it was stopped. */
function work() {
  const signals: AbortSignal[] = []
  let begun = deferred<string>()
  return {
    signals,
    start: (signal: AbortSignal) => {
      signals.push(signal)
      begun = deferred()
      return begun.promise
    },
    resolve: (value: string) => begun.resolve(value),
    reject: (error: Error) => begun.reject(error),
  }
}

test('whoever waits gets the answer, also when the one who asked first has left', async () => {
  const join = createSharedWork<string>()
  const { start, signals, resolve } = work()
  const leaving = new AbortController()
  const first = join('a', leaving.signal, start)
  const second = join('a', new AbortController().signal, start)
  leaving.abort(new Error('enough'))
  await expect(first).rejects.toThrow('enough')
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  resolve('done')
  expect(await second).toBe('done')
})

test('it stops when nobody waits any more, and begins anew for the next', async () => {
  const join = createSharedWork<string>()
  const { start, signals, resolve } = work()
  const leaving = new AbortController()
  const only = join('a', leaving.signal, start)
  leaving.abort(new Error('enough'))
  await expect(only).rejects.toThrow('enough')
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  const next = join('a', new AbortController().signal, start)
  resolve('done')
  expect(await next).toBe('done')
  expect(signals).toHaveLength(2)
})

test('an error reaches everybody and is not kept; another key is another work', async () => {
  const join = createSharedWork<string>()
  const [one, other] = [work(), work()]
  const { signal } = new AbortController()
  const all = [join('a', signal, one.start), join('a', signal, one.start)]
  const apart = join('b', signal, other.start)
  one.reject(new Error('broken'))
  for (const waiter of all) await expect(waiter).rejects.toThrow('broken')
  other.resolve('fine')
  expect(await apart).toBe('fine')
  const again = join('a', signal, one.start)
  one.resolve('mended')
  expect(await again).toBe('mended')
  await expect(join('a', AbortSignal.abort(new Error('late')), one.start)).rejects.toThrow('late')
})
