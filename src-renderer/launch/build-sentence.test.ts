import { expect, test } from 'vitest'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { buildSentence, estimateText } from './build-sentence.ts'

const plan: PlanSummary = {
  builds: 212,
  previously: 0,
  machines: [
    { name: 'local', slots: 4, boards: 12, reason: '' },
    { name: 'moa', slots: 16, boards: 100, reason: '' },
    { name: 'kea', slots: 0, boards: 0, reason: 'busy' },
    { name: 'ruru', slots: 16, boards: 100, reason: '' },
  ],
  providers: [],
  notBuilt: [],
  estimate: { low: 340, high: 370 },
  blocked: '',
  blobs: [],
  notes: [],
}

test('the sentence names boards, machines that take part and the time', () => {
  expect(buildSentence(212, 1, plan)).toBe(
    'Build 212 boards on moa, ruru and this computer, about 6 min',
  )
  const without = {
    ...plan,
    providers: [],
    notBuilt: [{ arch: 'arm', reason: 'no toolchain', boards: ['a', 'b'] }],
  }
  expect(buildSentence(212, 1, without)).toContain('Build 210 boards on')
  expect(buildSentence(212, 1, { ...plan, estimate: null })).toMatch(/ and this computer$/)
  expect(buildSentence(1, 30, null)).toBe('Build 1 board at 30 commits')
})

test.each([
  [40, 1, 40, 6, 'Build 34 of 40 boards on moa'],
  [40, 3, 120, 32, 'Build 40 boards at 3 commits, 88 of 120 builds on moa'],
  [40, 1, 40, 40, 'All 40 boards are built already'],
  [1, 3, 3, 3, 'It is built already'],
])(
  'of %i boards at %i commits, %i builds with %i done: "%s"',
  (chosen, commits, builds, previously, text) => {
    const machines = plan.machines.filter(({ name }) => name === 'moa')
    const some = { ...plan, builds, previously, machines, estimate: null }
    expect(buildSentence(chosen, commits, some)).toBe(text)
  },
)

test.each([
  [{ low: 10, high: 50 }, 'under a minute'],
  [{ low: 100, high: 320 }, '2 to 5 min'],
  [{ low: 50 * 60, high: 130 * 60 }, '50 min to 2 h'],
  [{ low: 3 * 3600, high: 4.4 * 3600 }, '3 h to 4.5 h'],
])('an estimate of %j is said as "%s"', (estimate, text) => {
  expect(estimateText(estimate)).toBe(text)
})

test('providers that are asked for more machines are named last', () => {
  const one = { ...plan, estimate: null, providers: [{ name: 'cluster', nodes: 4 }] }
  expect(buildSentence(212, 1, one)).toBe(
    'Build 212 boards on moa, ruru and this computer, and ask cluster for up to 4 machines',
  )
  const two = { ...one, machines: [], providers: [...one.providers, { name: 'lab', nodes: 1 }] }
  expect(buildSentence(212, 1, two)).toBe(
    'Build 212 boards, and ask cluster for up to 4 machines and lab for up to 1',
  )
})
