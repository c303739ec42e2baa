import { expect, test } from 'vitest'
import { compareBuilds } from './compare-builds.ts'
import { areAlike, type ComparisonState } from './comparison-state.ts'
import { comparisonLines } from './comparison-texts.ts'
import { oneBoardAnArch } from './one-board-an-arch.ts'
import { testBuild } from './test-builds.ts'

const comparison = compareBuilds(
  testBuild({ 'lib/a.o': { '.text.a': '1' }, 'u-boot.bin': '1' }),
  testBuild({ 'lib/a.o': { '.text.a': '2' }, 'u-boot.bin': '2' }),
)
const state: ComparisonState = {
  commit: null,
  boards: [{ board: 'jetty', arch: 'arm' }],
  machines: ['moa', 'kea', 'tui'],
  phase: 'over',
  builds: [
    { machine: 'moa', board: 'jetty', outcome: 'ok', reason: '', images: 'a' },
    { machine: 'kea', board: 'jetty', outcome: 'ok', reason: '', images: 'b' },
    { machine: 'tui', board: 'jetty', outcome: 'not built', reason: 'no gcc', images: '' },
  ],
  differences: [
    {
      board: 'jetty',
      machines: ['moa', 'kea'],
      comparison,
      causes: [
        { trait: 'compiler', here: 'gcc 12', there: 'gcc 13', remedy: 'compiler' },
        { trait: 'make', here: '4.3', there: '4.4', remedy: null },
      ],
      proof: { kind: 'proved', text: 'with gcc 12 on both they are the same' },
    },
  ],
  twins: [
    { machines: ['moa'], mayReplace: [], lacking: [] },
    { machines: ['kea'], mayReplace: [], lacking: [] },
    { machines: ['tui'], mayReplace: [], lacking: ['jetty'] },
  ],
  folder: '/out',
  problem: '',
}

test('what differs, its cause and the proof are said in this order', () => {
  expect(comparisonLines(state)).toEqual([
    'jetty (arm)',
    '  not built on tui: no gcc',
    '  moa and kea: 1 of 1 image and 1 object differ',
    '    lib/a.o: .text.a',
    '    u-boot.bin',
    '  likely cause: compiler',
    '    moa: gcc 12',
    '    kea: gcc 13',
    '  also not alike: make',
    '  proved: with gcc 12 on both they are the same',
    '',
    'moa is like no other',
    'kea is like no other',
    'tui is like no other; without jetty',
  ])
  expect(areAlike(state)).toBe(false)
})

test('machines are alike when each has built the same images, and there are two', () => {
  const builds = state.builds.slice(0, 1)
  const twins = [{ machines: ['moa', 'kea'], mayReplace: [], lacking: [] }]
  const alike = { ...state, builds, twins, differences: [], machines: ['moa', 'kea'] }
  expect(areAlike(alike)).toBe(true)
  expect(areAlike({ ...alike, problem: 'stopped' })).toBe(false)
  expect(areAlike({ ...alike, phase: 'building' })).toBe(false)
  expect(areAlike({ ...alike, machines: ['moa'] })).toBe(false)
})

test('the first board of each architecture stands for the others', () => {
  const board = (target: string, arch: string) => ({
    ...{ target, arch, cpu: '', soc: '', vendor: '', board: '', config: '', status: '' },
    maintainers: [],
  })
  const all = [board('zeta', 'arm'), board('beta', 'arm'), board('rho', 'riscv')]
  expect(oneBoardAnArch(all).map(({ target }) => target)).toEqual(['beta', 'rho'])
})
