import { expect, test } from 'vitest'
import { type BlobRules, usualBlobBounds } from '../../src-core/blobs/blob-rules.ts'
import { fail, ok } from '../../src-core/result.ts'
import { createStores } from './stores.ts'
import { testBoss } from './test-boss.ts'

const bl31 = { only: '', pattern: 'bl31.bin', path: '~/bl31.bin' }
const inFile = { rules: [bl31], folders: [], ...usualBlobBounds }

test('a row is saved once it is whole, and says where its path leads nowhere', async () => {
  const saved: BlobRules[] = []
  const { boss } = testBoss({
    'blobs:rules': () => ok({ rules: inFile, notThere: [] }),
    'blobs:save': (rules: BlobRules) => {
      saved.push(rules)
      return ok({ rules, notThere: ['/fw'] })
    },
  })
  const { blobs, dispose } = createStores(boss)
  await blobs.load()
  blobs.add('rules')
  const [, added] = blobs.store.getState().rules
  const id = added?.id ?? 0
  await blobs.change('rules', id, { pattern: 'tee.bin' })
  expect(saved).toEqual([])
  await blobs.change('rules', id, { path: '/fw' })
  await blobs.change('rules', id, { path: '/fw' })
  const tee = { only: '', pattern: 'tee.bin', path: '/fw' }
  expect(saved).toEqual([{ ...inFile, rules: [bl31, tee] }])
  expect(blobs.store.getState().notThere).toEqual(['/fw'])
  await blobs.remove('rules', id)
  await blobs.bound({ maxMb: 512 })
  expect(saved.at(-1)).toEqual({ ...inFile, maxMb: 512 })
  dispose()
})

test('a change that is refused stays in view, with the reason', async () => {
  const { boss } = testBoss({
    'blobs:rules': () => ok({ rules: inFile, notThere: [] }),
    'blobs:save': () => fail("'a=b' can't be a name"),
  })
  const { blobs, dispose } = createStores(boss)
  await blobs.load()
  const id = blobs.store.getState().rules[0]?.id ?? 0
  await blobs.change('rules', id, { pattern: 'a=b' })
  expect(blobs.store.getState()).toMatchObject({
    rules: [{ pattern: 'a=b' }],
    problem: { what: "'a=b' can't be a name" },
  })
  dispose()
})
