import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installOnce } from './install-once.mjs'

let dir = ''
let target = ''

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'install-once-'))
  target = join(dir, 'thing')
})

afterEach(() => rm(dir, { recursive: true, force: true }))

const fillWith = (text: string) => (folder: string) => writeFile(join(folder, 'file'), text)

test('the folder appears whole and nothing else stays', async () => {
  await installOnce(target, async (folder) => {
    expect(existsSync(target)).toBe(false)
    await fillWith('whole')(folder)
  })
  expect(await readFile(join(target, 'file'), 'utf8')).toBe('whole')
  expect(await readdir(dir)).toEqual(['thing'])
})

test('a failed install leaves nothing, and the next one works', async () => {
  const broken = installOnce(target, async (folder) => {
    await fillWith('half')(folder)
    throw new Error('the network went away')
  })
  await expect(broken).rejects.toThrow('the network went away')
  expect(await readdir(dir)).toEqual([])

  await installOnce(target, fillWith('whole'))
  expect(await readFile(join(target, 'file'), 'utf8')).toBe('whole')
})

test('installs at the same time run once', async () => {
  let fills = 0
  const install = () =>
    installOnce(target, async (folder) => {
      fills++
      await fillWith('whole')(folder)
    })
  await Promise.all([install(), install(), install()])
  expect(fills).toBe(1)
})

test('what a killed install left behind does not stop the next', async () => {
  const script = `
    import { installOnce } from ${JSON.stringify(new URL('install-once.mjs', import.meta.url).href)}
    await installOnce(${JSON.stringify(target)}, async () => {
      console.log('filling')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('close', resolve))
  expect(await readdir(dir)).toHaveLength(2)

  await installOnce(target, fillWith('whole'))
  expect(await readdir(dir)).toEqual(['thing'])
})
