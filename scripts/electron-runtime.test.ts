import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findElectron, userCacheDir } from './electron-runtime.mjs'
import { cypressElectronDir, verifyDownload } from './installing/cypress-electron.mjs'

let dir = ''

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'electron-runtime-'))
})

afterEach(() => rm(dir, { recursive: true, force: true }))

/** Stands in for the npm package electron: what its installer does is the case's own. */
async function electronPackage(installer: string): Promise<string> {
  const folder = join(dir, 'electron')
  await mkdir(folder)
  await writeFile(join(folder, 'package.json'), '{}')
  await writeFile(join(folder, 'install.js'), installer)
  return folder
}

const refused = `console.error('TypeError: fetch failed\\n    at there'); process.exit(1)`

const downloads = `
  const fs = require('node:fs')
  fs.mkdirSync(__dirname + '/dist')
  fs.writeFileSync(__dirname + '/dist/version', '45.4.1')
  fs.writeFileSync(__dirname + '/path.txt', 'electron')`

describe('which Electron', () => {
  test('the one that the environment names', async () => {
    await writeFile(join(dir, 'electron'), '')
    const runtime = await findElectron({ env: { ELECTRON_OVERRIDE_DIST_PATH: dir } })
    expect(runtime).toMatchObject({ source: 'override', dir })
  })

  test('a folder without Electron in the environment is named', async () => {
    const found = findElectron({ env: { ELECTRON_OVERRIDE_DIST_PATH: dir } })
    await expect(found).rejects.toThrow(`ELECTRON_OVERRIDE_DIST_PATH is ${dir}, but there is no`)
  })

  test('the regular download where it works', async () => {
    const folder = await electronPackage(downloads)
    const runtime = await findElectron({ env: { HOME: dir }, electronPackage: folder })
    expect(runtime).toEqual({
      source: 'download',
      dir: join(folder, 'dist'),
      line: 'Electron 45.4.1',
    })
  })

  test('the fallback that is in the cache, without trying the network', async () => {
    const env = { HOME: dir }
    const kept = cypressElectronDir(userCacheDir(env))
    await mkdir(kept, { recursive: true })
    const folder = await electronPackage('throw new Error("not to be called")')
    const runtime = await findElectron({ env, electronPackage: folder })
    expect(runtime).toMatchObject({ source: 'fallback', dir: kept })
  })

  test('asked to try again, it says why the fallback is still used', async () => {
    const env = { HOME: dir }
    await mkdir(cypressElectronDir(userCacheDir(env)), { recursive: true })
    const folder = await electronPackage(refused)
    const runtime = await findElectron({ env, electronPackage: folder, retryDownload: true })
    expect(runtime.line).toContain('the regular download failed: TypeError: fetch failed')
  })
})

describe('a download', () => {
  const whole = 'an Electron, as a tarball'
  const expected = {
    bytes: whole.length,
    sha512: createHash('sha512').update(whole).digest('base64'),
  }
  const check = async (content: string) => {
    const file = join(dir, 'electron.tgz')
    await writeFile(file, content)
    await verifyDownload(file, expected)
  }

  test('that is whole passes', () => check(whole))

  test('that is truncated is refused with both sizes', () =>
    expect(check(whole.slice(0, 10))).rejects.toThrow(
      /is truncated: 10 of 25 bytes\. Nothing was installed; run the command again/,
    ))

  test('that is damaged is refused with both digests', () =>
    expect(check(whole.replace('E', 'e'))).rejects.toThrow(
      `expected ${expected.sha512}. Nothing was installed`,
    ))
})
