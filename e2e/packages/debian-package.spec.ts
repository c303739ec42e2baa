import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import packageJson from '../../package.json' with { type: 'json' }
import { ensureSampleTree } from '../../src-main/tree/sample-tree.ts'
import type {} from '../../src-preload/bridge.ts'
import { buttonNamed, startDemo } from '../demo.ts'
import { runEnds } from '../grid.ts'
import { devToolsLine, heard, withPage } from './app-page.ts'
import { CleanSystem } from './clean-system.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')
const architecture = process.arch === 'x64' ? 'amd64' : process.arch
const deb = join(root, 'dist', `slipway_${packageJson.version}_${architecture}.deb`)

test.setTimeout(900_000)

let scratch = ''
let system: CleanSystem

test.beforeAll(async () => {
  test.info().skip(process.getuid?.() !== 0, 'packages are installed by root alone')
  scratch = await mkdtemp(join(tmpdir(), 'slipway-deb-'))
  system = await CleanSystem.open()
})

test.afterAll(async () => {
  await system?.close()
  await rm(scratch, { recursive: true, force: true })
})

test('the package is installed, builds as an ordinary user in window and terminal, and goes without a trace', async () => {
  await system.copyIn(deb, '/tmp/slipway.deb')
  await system.asRoot('apt-get', 'install', '-y', '/tmp/slipway.deb')
  const files = (await system.asRoot('dpkg', '-L', 'slipway')).trim().split('\n')
  expect(files).toContain('/usr/share/man/man1/slipway.1.gz')

  await expect(system.asBuilder('node', '--version')).rejects.toThrow('No such file')
  expect(await system.asBuilder('slipway', '--version')).toBe(`slipway ${packageJson.version}\n`)
  await buildInWindow()
  await ensureSampleTree(join(root, 'resources', 'sample-tree'), join(scratch, 'tree'))
  await system.copyIn(join(scratch, 'tree'), '/home/builder/tree')
  const built = await system.asBuilder(
    'slipway',
    '-g',
    'tree',
    '-o',
    'out',
    'sim_beacon$',
    '--json',
  )
  const told = JSON.parse(built.trim().split('\n').at(-1) ?? '')
  expect(told.builds).toMatchObject([{ board: 'sim_beacon', outcome: 'ok' }])

  await system.asRoot('apt-get', 'purge', '-y', 'slipway')
  const folders = new Set(['/.', '/usr', '/usr/bin', '/usr/lib', '/usr/share'])
  const own = files.filter((file) => file.includes('slipway') && !folders.has(file))
  for (const file of own) await expect(system.asRoot('test', '!', '-e', file)).resolves.toBe('')
})

test('a Debian with nothing on it can install it, and gets what it needs', async () => {
  const status = join(scratch, 'nothing-installed')
  await writeFile(status, '')
  const simulated = ['-s', '-o', `Dir::State::status=${status}`, 'install', deb]
  const { stdout } = await run('apt-get', simulated, { maxBuffer: 1 << 24 })
  const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name)
  expect(names).toEqual(expect.arrayContaining(['git', 'make', 'openssh-client', 'slipway']))
})

/** The window of an ordinary user who opens it for the first time, with Chromium's sandbox on. */
async function buildInWindow(): Promise<void> {
  const words = ['DISPLAY', 'XAUTHORITY'].flatMap((name) =>
    process.env[name] ? [`${name}=${process.env[name]}`] : [],
  )
  const command = ['env', ...words, 'slipway', 'window', '--remote-debugging-port=0']
  const app = system.start(command, { stdio: ['ignore', 'ignore', 'pipe'] })
  if (app.stderr === null) throw new Error('its stderr is a pipe')
  const url = await heard(createInterface(app.stderr), devToolsLine)
  await withPage(url, async (page) => {
    await expect(page.getByRole('heading', { name: 'Slipway' })).toBeVisible()
    const reply = await page.evaluate(() => window.slipway.invoke('app:versions', {}))
    expect(reply).toMatchObject({ ok: true, reply: { app: packageJson.version } })
    // The demo machines have no Node of their own, and no network to fetch one is needed.
    await startDemo(page)
    await page.getByRole('switch', { name: 'No local' }).check()
    await page.getByRole('searchbox', { name: /^Boards to build/ }).fill('sim_beacon sim_jetty')
    await buttonNamed(page, 'Build').click()
    expect(await runEnds(page, 2)).toMatchObject({ ok: 2 })
  })
  const ended = once(app, 'exit')
  // The app itself, which ends its own helpers.
  await system.asRoot('pkill', '--oldest', '-u', 'builder', '-x', 'slipway')
  await ended
}
