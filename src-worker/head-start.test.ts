import { expect, test } from 'vitest'
import { createHeadStart } from './head-start.ts'

/** What may begin by now, by order of asking. */
async function begun(asked: readonly Promise<unknown>[]): Promise<boolean[]> {
  const states = asked.map(() => false)
  asked.forEach((one, i) => {
    void one.then(() => {
      states[i] = true
    })
  })
  await new Promise((resolve) => setImmediate(resolve))
  return states
}

test('the first board of an architecture goes ahead, the others follow all at once', async () => {
  const { enter } = createHeadStart(2, true)
  const asked = ['arm', 'arm', 'riscv', 'arm'].map(enter)
  expect(await begun(asked)).toEqual([true, false, true, false])
  const over = await asked[0]
  over?.()
  expect(await begun(asked)).toEqual([true, true, true, true])
  expect(await begun([enter('arm')])).toEqual([true])
})

test('nobody waits without a cache, or on a large machine', async () => {
  for (const { enter } of [createHeadStart(2, false), createHeadStart(64, true)]) {
    expect(await begun(['arm', 'arm'].map(enter))).toEqual([true, true])
  }
})
