import { expect, test } from 'vitest'
import type { CompilerFetch } from '../../state/compilers-store.ts'
import { fetchText, progressOf } from './fetch-progress.ts'

const one = (arch: string, state: CompilerFetch['state'], why = ''): CompilerFetch => ({
  machine: 'moa',
  arch,
  boards: 2,
  state,
  why,
})
const step = { machine: 'moa', arch: 'arm', step: 'installing', done: 30e6, total: 60e6 }

test('what is installed by half is three quarters there', () => {
  const all = [
    one('sh', 'there'),
    one('arm', 'fetching'),
    one('arc', 'waiting'),
    one('x86', 'failed'),
  ]
  expect(progressOf(all, () => step)).toBe((1 + 0.75 + 0 + 1) / 4)
  expect(progressOf([], () => undefined)).toBe(0)
})

test.each([
  [one('arm', 'fetching'), 'installing 30 of 60 MB'],
  [one('sh', 'fetching'), 'looking'],
  [one('arm', 'failed', 'no room'), 'no room'],
  [one('arm', 'there'), 'there'],
])('%j is said as "%s"', (fetch, text) => {
  expect(fetchText(fetch, step)).toBe(text)
})
