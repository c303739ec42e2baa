import { expect, test } from 'vitest'
import type { PastBuild } from '../../src-preload/contract.ts'
import { suspicionOf } from './suspicion.ts'

function past(machine: string, outcome: PastBuild['outcome'], sameSource = true): PastBuild {
  return { runId: 'r', at: 0, seconds: 3, machine, outcome, sameSource }
}

test('a failure that another machine repeats is the code’s', () => {
  expect(suspicionOf('moa', 'failed', [past('ruru', 'failed')])?.suspect).toBe('code')
  expect(suspicionOf('moa', 'failed', [past('ruru', 'failed', false)])?.suspect).toBe('code')
})

test('where the same source built elsewhere, the machine that failed is suspected', () => {
  const words = (machine: string, state: 'failed' | 'ok', other: PastBuild) =>
    suspicionOf(machine, state, [other])?.words
  expect(words('moa', 'failed', past('local', 'ok'))).toBe(
    'The same source built on this computer: look at moa.',
  )
  expect(words('ruru', 'ok', past('moa', 'failed'))).toBe(
    'The same source failed on moa: look at moa.',
  )
  expect(words('ruru', 'ok', past('moa', 'failed', false))).toBeUndefined()
})

test('other source proves nothing, but says where to try', () => {
  expect(suspicionOf('moa', 'failed', [past('ruru', 'warnings', false)])).toMatchObject({
    suspect: 'unknown',
    tryOn: 'ruru',
  })
  const both = [past('ruru', 'ok', false), past('kea', 'failed')]
  expect(suspicionOf('moa', 'failed', both)?.suspect).toBe('code')
})

test('the machine itself, or a build without an outcome, is no witness', () => {
  expect(suspicionOf('moa', 'failed', [past('moa', 'ok')])).toBeNull()
  expect(suspicionOf('moa', 'failed', [past('', 'not built')])).toBeNull()
  expect(suspicionOf('moa', 'failed', [])).toBeNull()
  expect(suspicionOf('moa', 'building', [past('ruru', 'failed')])).toBeNull()
})
