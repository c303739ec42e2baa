import { expect, test } from 'vitest'
import { type KnownSource, type KnownSources, knownSource, noteSource } from './known-source.ts'

const request = (treeDir: string) =>
  ({ treeDir, commits: { kind: 'current' } }) as Parameters<typeof knownSource>[1]

/** What is told apart of a source here: its firmware. */
const source = (...needs: readonly (readonly [board: string, isKnown: boolean])[]) =>
  ({
    needs: new Map(needs.map(([board, isKnown]) => [board, { blobs: [], isKnown }])),
  }) as unknown as KnownSource

test('the newest of a tree is known, with what boards need that were not looked at again', () => {
  const known: KnownSources = new Map()
  noteSource(known, request('/a'), source(['snow', true], ['rpi', true]))
  noteSource(known, request('/a'), source(['rpi', false]))
  const { needs } = knownSource(known, request('/a')) ?? source()
  expect([...needs].map(([board, { isKnown }]) => [board, isKnown])).toEqual([
    ['snow', true],
    ['rpi', false],
  ])
  expect(knownSource(known, request('/b'))).toBeUndefined()
})

test('few trees are kept, those that were asked for last', () => {
  const known: KnownSources = new Map()
  for (const dir of ['/a', '/b', '/c', '/d', '/a', '/e']) noteSource(known, request(dir), source())
  expect(knownSource(known, request('/b'))).toBeUndefined()
  expect(knownSource(known, request('/a'))).toBeDefined()
})
