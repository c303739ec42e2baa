import { expect, test } from 'vitest'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { type AppSettings, appSettings } from '../../../src-core/schemas.ts'
import { settingsWrites } from './settings-writes.ts'

const light = appSettings.parse({ theme: 'light' })
const dark = appSettings.parse({ theme: 'dark' })

test('one write waits for the other, so that the newest is the last, and the end waits for both', async () => {
  const disk = deferred<void>()
  const written: AppSettings[] = []
  const writes = settingsWrites(async (settings) => {
    if (settings === light) await disk.promise
    written.push(settings)
  })
  void writes.add(light)
  void writes.add(dark)
  const ended = writes.ended(600_000).then(() => written.length)
  disk.resolve()
  expect(await ended).toBe(2)
  expect(written).toEqual([light, dark])
})

test('a write that fails says so to who asked, and the next one is written all the same', async () => {
  const written: AppSettings[] = []
  const writes = settingsWrites(async (settings) => {
    if (settings === light) throw new Error('the disk is full')
    written.push(settings)
  })
  const first = writes.add(light)
  const second = writes.add(dark)
  await expect(first).rejects.toThrow('the disk is full')
  await second
  await writes.ended(600_000)
  expect(written).toEqual([dark])
})

test('a disk that hangs is not waited for without end', async () => {
  const writes = settingsWrites(() => new Promise(() => {}))
  void writes.add(dark)
  await writes.ended(1)
})
