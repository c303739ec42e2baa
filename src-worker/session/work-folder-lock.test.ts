import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLockFolder } from './work-folder-lock.ts'

let dir = ''
const somebodyElse = 54_321

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-lock-'))
})
afterEach(() => rm(dir, { recursive: true }))

test('the next folder serves where something else has the name of the first', async () => {
  await writeFile(join(dir, 'file'), '')
  await symlink(join(dir, 'nowhere'), join(dir, 'dangling'))
  const last = join(dir, 'own')
  const opened = openLockFolder([join(dir, 'file'), join(dir, 'dangling'), last])
  expect(opened.folder).toBe(last)
  expect(opened.problems).toHaveLength(2)
  expect((await stat(last)).mode & 0o777).toBe(0o700)
})

test.runIf(process.getuid?.() === 0)('a folder of somebody else locks nobody out', async () => {
  const foreign = join(dir, 'foreign')
  await mkdir(foreign)
  await chown(foreign, somebodyElse, somebodyElse)
  // A link that somebody else put there, to a folder of ours, is as bad.
  await symlink(dir, join(dir, 'link'))
  const ours = join(dir, 'ours')
  const opened = openLockFolder([foreign, ours])
  expect(opened).toMatchObject({
    folder: ours,
    problems: [expect.stringContaining(`${foreign} is not a folder of`)],
  })
  // What is not ours is left as it was.
  expect((await stat(foreign)).uid).toBe(somebodyElse)
})

test('one that is ours and open to others is closed', async () => {
  const open = join(dir, 'open')
  await mkdir(open)
  await chmod(open, 0o777)
  expect(openLockFolder([open]).folder).toBe(open)
  expect((await stat(open)).mode & 0o777).toBe(0o700)
})
