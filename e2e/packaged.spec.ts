import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { chromium, expect, test } from '@playwright/test'
import type {} from '../src-preload/bridge.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'dist', 'linux-unpacked')
const recursively = { recursive: true }
const binary = join(folder, 'slipway')

test('the packaged app opens a window that works', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'slipway-packaged-'))
  const app = startApp(profile)
  try {
    // Its fuses shut Playwright's usual way in, the inspector of the main process.
    const browser = await chromium.connectOverCDP(await devToolsUrl(app))
    const page = browser.contexts()[0]?.pages()[0]
    if (page === undefined) throw new Error('the packaged app shows no page')
    await expect(page).toHaveTitle('Slipway')
    await expect(page.getByRole('heading', { name: 'Slipway' })).toBeVisible()
    const reply = await page.evaluate(() => window.slipway.invoke('app:versions', {}))
    expect(reply).toMatchObject({ ok: true, reply: { app: expect.stringMatching(/^\d/) } })
    await browser.close()
  } finally {
    app.kill()
    if (app.exitCode === null && app.signalCode === null) await once(app, 'exit')
    await rm(profile, { recursive: true, force: true })
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

function startApp(profile: string): ChildProcess {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const args = [...sandbox, `--user-data-dir=${profile}`, '--remote-debugging-port=0']
  return spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Chromium picks a free port and prints it. */
async function devToolsUrl(app: ChildProcess): Promise<string> {
  if (app.stderr === null) throw new Error('the app was started without a pipe for its messages')
  const said: string[] = []
  for await (const line of createInterface(app.stderr)) {
    said.push(line)
    const url = /^DevTools listening on (ws:\S+)/.exec(line)?.[1]
    if (url !== undefined) {
      app.stderr.resume()
      return url
    }
  }
  throw new Error(`the packaged app ended before its window opened:\n${said.join('\n')}`)
}
