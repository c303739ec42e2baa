import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openFarmCache } from './farm-cache.ts'

function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-farm-cache-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

test('what one machine gave is there for all, also in a later run', async () => {
  const dir = temporaryFolder()
  const cache = openFarmCache(dir)
  expect(await cache.get('ab/entry')).toBe(null)
  cache.put('ab/entry', Buffer.from([0, 255, 10]))
  await cache.settle()
  const later = openFarmCache(dir)
  expect(await later.has('ab/entry')).toBe(true)
  expect(await later.has('ab/other')).toBe(false)
  expect(await later.get('ab/entry')).toEqual(Buffer.from([0, 255, 10]))
})

test('it stays within its bounds: what nobody asked for longest goes first', async () => {
  const dir = temporaryFolder()
  const roomy = openFarmCache(dir)
  const seconds = { old: 1000, asked: 500, new: 2000 }
  for (const name of Object.keys(seconds)) roomy.put(`ab/${name}`, Buffer.alloc(100))
  await roomy.settle()
  for (const [name, at] of Object.entries(seconds)) utimesSync(join(dir, 'ab', name), at, at)
  const cache = openFarmCache(dir, 250)
  const there = () => Promise.all(['old', 'asked', 'new'].map((name) => cache.has(`ab/${name}`)))
  await cache.get('ab/asked')
  await cache.settle()
  // A run that brought nothing does not walk through all that is there.
  expect(await there()).toEqual([true, true, true])
  cache.put('cd/tiny', Buffer.alloc(1))
  await cache.settle()
  expect(await there()).toEqual([false, true, true])
})

test('an entry that is longer than any is not kept', async () => {
  const cache = openFarmCache(temporaryFolder())
  cache.put('ab/long', Buffer.alloc(5 * 1024 * 1024))
  await cache.settle()
  expect(await cache.has('ab/long')).toBe(false)
})
