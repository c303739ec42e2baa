import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-folder-'))
})
afterAll(() => rm(dir, { recursive: true }))

test('makes what is missing, and is content with what is there', async () => {
  const deep = join(dir, 'a', 'b', 'c')
  await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(join(dir, 'a', 'd'))])
  await makeFolder(deep)
  expect((await stat(deep)).isDirectory()).toBe(true)
})

test('a file in the way is told of', async () => {
  await writeFile(join(dir, 'file'), '')
  await expect(makeFolder(join(dir, 'file'))).rejects.toThrow('EEXIST')
  await expect(makeFolder(join(dir, 'file', 'x'))).rejects.toThrow('ENOTDIR')
})

test.runIf(process.platform === 'linux')('comes back where no folder can be made', async () => {
  await expect(makeFolder('/proc/nope/x')).rejects.toThrow("mkdir '/proc/nope'")
})
