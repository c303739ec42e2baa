import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replaceFile, replaceFileNow } from './replace-file.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-replace-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

describe.each([
  ['replaceFile', replaceFile],
  ['replaceFileNow', async (file: string, text: string) => replaceFileNow(file, text)],
])('%s', (_, replace) => {
  test('makes a file that was not there', async () => {
    await replace(join(dir, 'file'), 'new')
    expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('new')
    expect(readdirSync(dir)).toEqual(['file'])
  })

  test('keeps the mode, and the link to the file', async () => {
    writeFileSync(join(dir, 'real'), 'old')
    chmodSync(join(dir, 'real'), 0o640)
    symlinkSync('real', join(dir, 'link'))
    await replace(join(dir, 'link'), 'new')
    expect(readFileSync(join(dir, 'real'), 'utf8')).toBe('new')
    expect(statSync(join(dir, 'real')).mode & 0o777).toBe(0o640)
    expect(readdirSync(dir).sort()).toEqual(['link', 'real'])
  })

  test.each(['nowhere', 'link'])('replaces a link that leads to no file: %s', async (target) => {
    symlinkSync(target, join(dir, 'link'))
    await replace(join(dir, 'link'), 'new')
    expect(lstatSync(join(dir, 'link')).isFile()).toBe(true)
    expect(readFileSync(join(dir, 'link'), 'utf8')).toBe('new')
    expect(readdirSync(dir)).toEqual(['link'])
  })

  test('leaves nothing behind where it fails', async () => {
    mkdirSync(join(dir, 'folder'))
    await expect(replace(join(dir, 'folder'), 'new')).rejects.toThrow()
    expect(readdirSync(dir)).toEqual(['folder'])
  })
})
