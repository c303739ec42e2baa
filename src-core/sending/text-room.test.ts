import { expect, test } from 'vitest'
import type { BuildRecord } from '../build/build-record.ts'
import { TextRoom } from './text-room.ts'

function record(outcome: BuildRecord['outcome']): BuildRecord {
  return { outcome, truncated: [] } as unknown as BuildRecord
}

const texts = (all: Record<string, string>) => (name: string) => all[name] ?? ''
const megabyte = 1024 * 1024

test('what failed is whole where there are few', () => {
  const log = 'x'.repeat(2 * megabyte)
  const taken = new TextRoom(10).take(record('failed'), texts({ err: 'e\n', log }))
  expect(taken).toEqual({
    record: record('failed'),
    texts: { err: 'e\n', log },
    logLeftOut: false,
  })
})

test('where many failed each keeps its errors, and the beginning and the end of its log', () => {
  const log = `first\n${'x'.repeat(megabyte)}\nlast\n`
  const { record: shown, texts: taken } = new TextRoom(3000).take(
    record('failed'),
    texts({ err: 'e\n', log }),
  )
  expect(taken.err).toBe('e\n')
  expect(taken.log).toMatch(/^first\nx+\n\[slipway: \d+ bytes left out here\]\nx+\nlast\n$/)
  expect(taken.log?.length).toBeLessThan(40_000)
  expect(shown.truncated).toEqual(['stdout'])
})

test('logs of builds that passed go along while there is room', () => {
  const room = new TextRoom(0)
  const log = 'x'.repeat(10 * megabyte)
  const taken = [1, 2, 3].map(() => room.take(record('ok'), texts({ log })))
  expect(taken.map((one) => one.texts.log?.length ?? 0)).toEqual([10 * megabyte, 10 * megabyte, 0])
  expect(taken.map((one) => one.logLeftOut)).toEqual([false, false, true])
})
