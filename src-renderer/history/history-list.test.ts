import { expect, test } from 'vitest'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { amountText, endWords, lengthText, searchHistory, whenText } from './history-list.ts'

const entry = (fields: Partial<HistoryEntry>): HistoryEntry => ({
  runId: 'r',
  startedAt: new Date(2026, 10, 23, 14, 5).getTime(),
  finishedAt: new Date(2026, 10, 23, 14, 11, 12).getTime(),
  treeDir: '/src/u-boot',
  outputDir: '/out',
  title: 'spl-rework',
  boards: 212,
  commits: 3,
  machines: ['local', 'moa'],
  counts: { ok: 600, warnings: 30, failed: 6, noBoot: 0, notBuilt: 0 },
  exitCode: 100,
  cancelled: false,
  ...fields,
})

test.each([
  ['', 2],
  ['spl moa', 1],
  ['MASTER', 1],
  ['clean', 1],
  ['failed', 1],
  ['2026-11-23 14:05', 2],
  ['nowhere', 0],
])('the search "%s" finds %i', (search, found) => {
  const other = entry({
    title: 'master',
    machines: ['ruru'],
    counts: { ok: 1, warnings: 0, failed: 0, noBoot: 0, notBuilt: 0 },
  })
  expect(searchHistory([entry({}), other], search)).toHaveLength(found)
})

test('a run in words', () => {
  expect(whenText(entry({}).startedAt)).toBe('2026-11-23 14:05')
  expect(amountText(entry({}))).toBe('212 boards × 3 commits')
  expect(amountText(entry({ commits: 1, again: 7 }))).toBe('212 boards, 7 built again')
  expect(lengthText(entry({}))).toBe('6:12')
  expect(lengthText(entry({ finishedAt: 0 }))).toBe('')
  expect(endWords(entry({ finishedAt: 0 }))).toBe('going on')
  expect(endWords(entry({ cancelled: true }))).toBe('stopped')
})
