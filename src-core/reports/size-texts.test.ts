import { expect, test } from 'vitest'
import type { Results } from '../summary/facts.ts'
import { beforeSeries, nextCommit } from '../summary/summary.ts'
import { facts, results } from '../summary/test-facts.ts'
import { sizeTexts } from './size-texts.ts'

const sized = (bytes: number, image = 'u-boot') =>
  facts('ok', '', { sizes: [{ image, text: bytes, data: 0, bss: 0, rodata: 0 }] })
const broken = facts('failed', 'a.c:1:1: error: no\n')
const none = facts('not built')

/** What each commit of a series says of sizes. */
function textsOf(...series: readonly Results[]): readonly (readonly string[])[] {
  let standing: Results | null = null
  return series.map((now) => {
    const next = nextCommit(standing ?? beforeSeries(now), now, null)
    standing = next.baseline
    return sizeTexts(next.summary.sizes)
  })
}

test('what a board gained while it could not be built is not put on the commit that mends it', () => {
  const texts = textsOf(
    results({ snow: sized(100), rig: sized(500) }),
    results({ snow: broken, rig: sized(520) }),
    results({ snow: none, rig: sized(520) }),
    results({ snow: sized(400), rig: sized(522) }),
    results({ snow: sized(404), rig: sized(522) }),
  )
  expect(texts).toEqual([
    [],
    ['mean size of u-boot: arm +20 (1 board)'],
    [],
    [
      'mean size of u-boot: arm +2 (1 board)',
      'over 3 commits, as it was not built between them: snow +300',
    ],
    ['mean size of u-boot: arm +2 (2 boards)'],
  ])
})

test('a commit that changes another image, or functions alone, does not go without a word', () => {
  const functions = (names: Readonly<Record<string, number>>) =>
    facts('ok', '', { ...sized(9), symbols: { 'u-boot': names } })
  expect(
    textsOf(results({ snow: sized(9, 'spl') }), results({ snow: sized(17, 'spl') }))[1],
  ).toEqual(['mean size of spl: arm +8 (1 board)'])
  expect(
    textsOf(results({ snow: functions({ a: 4 }) }), results({ snow: functions({ b: 4 }) }))[1],
  ).toEqual(['other functions, and no other size: 1 board'])
})
