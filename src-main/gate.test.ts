import { setImmediate as everythingDue } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { deferred } from '../src-core/basics/deferred.ts'
import { Gate } from './gate.ts'

test('so many run at once, and the others follow in their order', async () => {
  const gate = new Gate(2)
  const begun: number[] = []
  const works = Array.from({ length: 5 }, () => deferred())
  const runs = works.map(({ promise }, i) =>
    gate.through(() => {
      begun.push(i)
      return promise
    }),
  )
  expect(begun).toEqual([0, 1])
  works[1]?.resolve()
  await runs[1]
  await everythingDue()
  expect(begun).toEqual([0, 1, 2])
  for (const { resolve } of works) resolve()
  await Promise.all(runs)
  expect(begun).toEqual([0, 1, 2, 3, 4])
})

test('whoever gives up in the queue takes no place, also when it was just handed one', async () => {
  const gate = new Gate(1)
  const first = deferred()
  const running = gate.through(() => first.promise)
  const left = new AbortController()
  const late = new AbortController()
  const refused = [
    gate.through(async () => {}, left.signal),
    gate.through(async () => {}, late.signal),
  ].map((run) => expect(run).rejects.toThrow('enough'))
  left.abort(new Error('enough'))
  first.resolve()
  late.abort(new Error('enough'))
  await running
  await Promise.all(refused)
  expect(await gate.through(async () => 'in')).toBe('in')
})

test('a work that fails makes room, too', async () => {
  const gate = new Gate(1)
  const failing = gate.through(() => Promise.reject(new Error('broken')))
  await expect(failing).rejects.toThrow('broken')
  expect(await gate.through(async () => 'in')).toBe('in')
})
