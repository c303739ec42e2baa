import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from '@playwright/test'
import type {} from '../../src-preload/bridge.ts'
import { processId } from '../../src-system/process-id.ts'
import { devToolsLine, heard, withPage } from './app-page.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'dist', 'linux-unpacked')
const recursively = { recursive: true }
const binary = join(folder, 'slipway')

let profile = ''

test.beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'slipway-packaged-'))
})

test.afterEach(() => rm(profile, { recursive: true, force: true }))

test('the packaged app opens a window that works, also after its page crashed', async () => {
  const app = startApp()
  const lines = createInterface(app.stderr)
  try {
    const url = await heard(lines, devToolsLine)
    await withPage(url, async (page) => {
      await expect(page).toHaveTitle('Slipway')
      await expect(page.getByRole('heading', { name: 'Slipway' })).toBeVisible()
      const reply = await page.evaluate(() => window.slipway.invoke('app:versions', {}))
      expect(reply).toMatchObject({ ok: true, reply: { app: expect.stringMatching(/^\d/) } })
    })

    const loadedAgain = heard(lines, /page ended .* loaded (again)/)
    process.kill(processId(await rendererPid()), 'SIGKILL')
    await loadedAgain
    await withPage(url, (page) =>
      expect(page.getByRole('heading', { name: 'Slipway' })).toBeVisible(),
    )
  } finally {
    const ended = once(app, 'exit')
    app.kill()
    await ended
  }
})

test('its fuses leave no way to run it as something else', async () => {
  const fuses = await getCurrentFuseWire(binary)
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
    FuseV1Options.GrantFileProtocolExtraPrivileges,
  ]
  // The wire is a row of the characters 0 and 1.
  const state = (fuse: FuseV1Options) => String.fromCharCode(Number(fuses[fuse]))
  expect(off.map(state)).toEqual(['0', '0', '0', '0'])
  expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe('1')
  await expect(access(join(folder, 'resources', 'app'))).rejects.toThrow('ENOENT')
})

test('what other programs open stands beside the archive', async () => {
  const files = [
    'worker.mjs',
    'probe.sh',
    'app.asar.unpacked/node_modules/node-pty/build/Release/pty.node',
  ]
  for (const file of files) await access(join(folder, 'resources', file))
  const sampleTree = (resources: string) => readdir(join(resources, 'sample-tree'), recursively)
  expect((await sampleTree(join(folder, 'resources'))).sort()).toEqual(
    (await sampleTree(join(root, 'resources'))).sort(),
  )
})

function startApp(): ChildProcessByStdio<null, null, Readable> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const args = [...sandbox, `--user-data-dir=${profile}`, '--remote-debugging-port=0']
  return spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

async function rendererPid(): Promise<number> {
  const ours = `type=renderer.*--user-data-dir=${profile}`
  const { stdout } = await promisify(execFile)('pgrep', ['-f', ours])
  return Number(stdout.trim())
}
