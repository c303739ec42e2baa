import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSettings, writeSettings } from './settings-file.ts'

let dir = ''
let file = ''

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'settings-file-'))
  file = join(dir, 'settings.json')
})

afterEach(() => rm(dir, { recursive: true, force: true }))

test('without a file the defaults apply, silently', async () => {
  const { settings, warnings } = await readSettings(file)
  expect(settings.theme).toBe('system')
  expect(warnings).toEqual([])
})

test('what is written is read back, and no temporary file stays', async () => {
  const { settings } = await readSettings(file)
  await writeSettings(file, { ...settings, theme: 'dark', recentTrees: ['/src/u-boot'] })
  expect((await readSettings(file)).settings).toMatchObject({
    theme: 'dark',
    recentTrees: ['/src/u-boot'],
  })
  expect(await readdir(dir)).toEqual(['settings.json'])
})

test('a field of a wrong type is named and falls back alone', async () => {
  await writeFile(file, JSON.stringify({ theme: 'pink', density: 'compact', volume: 11 }))
  const { settings, warnings } = await readSettings(file)
  expect(settings).toMatchObject({ theme: 'system', density: 'compact' })
  expect(warnings).toEqual([
    expect.stringContaining('"theme"'),
    expect.stringContaining('there is no setting "volume"'),
  ])
})

test('a file that holds no object is named', async () => {
  await writeFile(file, '[]')
  expect((await readSettings(file)).warnings).toEqual([
    `${file}: expected an object; the defaults apply.`,
  ])
})

test('a file that is not JSON is kept aside', async () => {
  await writeFile(file, '{"theme": "da')
  const { settings, warnings } = await readSettings(file)
  expect(settings.theme).toBe('system')
  expect(warnings[0]).toContain(`kept as ${file}.damaged`)
  expect(await readFile(`${file}.damaged`, 'utf8')).toBe('{"theme": "da')
})

test('settings of a wrong type are not written', async () => {
  const { settings } = await readSettings(file)
  const wrong = JSON.parse(JSON.stringify({ ...settings, theme: 'pink' }))
  await expect(writeSettings(file, wrong)).rejects.toThrow('theme')
  expect(await readdir(dir)).toEqual([])
})
