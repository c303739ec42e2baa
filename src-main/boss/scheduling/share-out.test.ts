import { expect, test } from 'vitest'
import { type Helper, type Load, shareOut } from './share-out.ts'

const load = (work: number, arch = 'arm', group = `${arch}${work}`): Load => ({ work, arch, group })
const helper = (rate: number, slots: number, archs = ['arm'], warm: string[] = []): Helper => ({
  rate,
  free: Array.from({ length: slots }, () => 0),
  archs: new Set(archs),
  warm: new Set(warm),
})
const anywhere = () => false

test('a slow machine gets only what it finishes before the others are done', () => {
  const { lists, finish } = shareOut(
    [load(100), load(100), load(100), load(10)],
    [helper(1, 1), helper(0.1, 1)],
    1,
    anywhere,
  )
  expect(lists).toEqual([[load(100), load(100), load(100)], [load(10)]])
  expect(finish).toBe(300)
})

test('what only one machine can build comes first there, and the rest goes elsewhere', () => {
  const rare = [load(50, 'riscv64'), load(40, 'riscv64')]
  const common = [load(100), load(90)]
  const { lists, finish } = shareOut(
    [...common, ...rare],
    [helper(1, 1, ['arm', 'riscv64']), helper(1, 1)],
    1,
    anywhere,
  )
  expect(lists[0]?.slice(0, 2)).toEqual(rare)
  expect(finish).toBe(180)
})

test('boards of a group stay together where a compiler cache makes that quicker', () => {
  const family = [load(100, 'arm', 'sunxi'), load(99, 'arm', 'sunxi')]
  const others = [load(98, 'arm', 'imx'), load(97, 'arm', 'imx')]
  const machines = [helper(1, 1, ['arm'], ['sunxi']), helper(1, 1, ['arm'], ['imx'])]
  const { lists, finish } = shareOut([...others, ...family], machines, 0.4, anywhere)
  expect(lists).toEqual([family, others])
  expect(finish).toBeCloseTo(79.6)
})

test('what is forbidden or impossible is shared out to nobody', () => {
  const { lists } = shareOut([load(1), load(2, 'mips')], [helper(1, 1)], 1, () => true)
  expect(lists).toEqual([[]])
})
