import { expect, test } from 'vitest'
import type { ComparedBuild, ComparisonState } from '../../src-core/alike/comparison-state.ts'
import { comparedRows, headlineOf } from './comparison-rows.ts'

const build = (machine: string, images: string, rest: Partial<ComparedBuild> = {}) => ({
  ...{ machine, board: 'jetty', outcome: 'ok' as const, reason: '', images },
  ...rest,
})

const state: ComparisonState = {
  commit: null,
  boards: [{ board: 'jetty', arch: 'arm' }],
  machines: ['moa', 'kea', 'tui', 'ruru'],
  phase: 'over',
  builds: [
    build('moa', 'b'),
    build('kea', 'a', { outcome: 'warnings' }),
    build('tui', 'a'),
    build('ruru', '', { outcome: 'not built', reason: 'no gcc' }),
  ],
  differences: [],
  twins: [],
  folder: '',
  problem: '',
}

test('builds with the same images have the same letter, most of them the first', () => {
  const [row] = comparedRows(state)
  const shown = row?.cells.map(({ machine, letter, text, mood }) => [machine, letter, text, mood])
  expect(shown).toEqual([
    ['moa', 'B', '', 'other'],
    ['kea', 'A', 'with warnings', 'alike'],
    ['tui', 'A', '', 'alike'],
    ['ruru', '', 'not built', 'none'],
  ])
  expect(row?.cells.at(-1)?.reason).toBe('no gcc')
})

test('while it goes on nothing is said to be alike yet', () => {
  const builds = [build('moa', ''), build('kea', '', { outcome: null })]
  const going: ComparisonState = { ...state, phase: 'building', machines: ['moa', 'kea'], builds }
  expect(comparedRows(going)[0]?.cells.map(({ text, mood }) => [text, mood])).toEqual([
    ['built', 'waiting'],
    ['building', 'waiting'],
  ])
  expect(headlineOf(going)).toBe('Building: 1 of 2 done')
})

test('the headline says what came of it', () => {
  expect(headlineOf(state)).toBe('Not all of them build everything.')
  const twins = [{ machines: ['moa', 'kea'], mayReplace: [], lacking: [] }]
  expect(headlineOf({ ...state, twins })).toBe('All of them build the same.')
  expect(headlineOf({ ...state, problem: 'stopped' })).toBe('Ended early: stopped')
  expect(headlineOf({ ...state, phase: 'proving' })).toBe('Comparing')
})
