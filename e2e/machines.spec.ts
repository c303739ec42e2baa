import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isDeepStrictEqual, promisify } from 'node:util'
import { expect, type Locator, type Page } from '@playwright/test'
import { defaultBuildSettings } from '../src-core/build-options/build-settings.ts'
import { commands } from '../src-preload/commands.ts'
import { type CellText, focusedCell, gridOf, readGrid, runEnds } from './grid.ts'
import { hold, letGo, makeHeldTree } from './held-tree.ts'
import type { Host } from './lab/host.ts'
import { type Lab, startHosts } from './lab/lab.ts'
import { test as base, launchApp, quitApp, useApp } from './launch-app.ts'

const run = promisify(execFile)
const boards = 24

/** Real hosts for all tests of this file; the app of each knows all but the last, and has a tree open. */
const test = base.extend<object, { lab: Lab }>({
  lab: [
    // biome-ignore lint: playwright reads the names of the fixtures it needs from the pattern
    async ({}, use) => {
      const lab = await startHosts(4, { isolated: process.getuid?.() === 0 })
      await use(lab)
      await lab.stop()
    },
    { scope: 'worker' },
  ],
  app: async ({ profile, lab }, use, testInfo) => {
    const tree = join(profile, 'tree')
    await makeHeldTree(tree, boards)
    await writeFile(join(profile, 'buildman'), buildmanSettings(lab))
    // Without ccache no board waits for the first one of its architecture.
    const build = { ...defaultBuildSettings, ccache: false }
    await writeFile(
      join(profile, 'settings.json'),
      JSON.stringify({ recentTrees: [tree], noLocal: true, build }),
    )
    await useApp(profile, { SLIPWAY_SSH_CONFIG: lab.sshConfig }, use, testInfo)
    await letGo(...lab.hosts)
  },
})

test.describe.configure({ timeout: 900_000 })

test('stale workers are found, ended at a click, and what serves a run is left alone', async ({
  app: { page },
  lab,
}) => {
  const [host, quiet] = lab.hosts as [Host, Host]
  const [frozen, live] = await Promise.all([startWorker(lab, host, 1), startWorker(lab, host, 2)])
  try {
    await freeze(lab, host, frozen.pid)
    await page.getByRole('button', { name: 'Stale workers …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Stale workers' })
    const tick = (pid: number) =>
      page.getByRole('checkbox', { name: `Kill ${pid} on ${host.name}`, exact: true })
    await expect(tick(frozen.pid)).toBeChecked({ timeout: 300_000 })
    await expect(tick(live.pid)).not.toBeChecked()
    const row = dialog.getByRole('row').filter({ has: tick(frozen.pid) })
    await expect(row).toContainText('anna@desk-1')
    await expect(row).toContainText('stale')

    await untickElsewhere(dialog, host.name)
    await dialog.getByRole('button', { name: 'Kill 1 worker' }).click()
    await expect(dialog.getByText(/^killed [1-9]/)).toBeVisible({ timeout: 300_000 })
    await expect(tick(frozen.pid)).toHaveCount(0)
    await expect(tick(live.pid)).toBeVisible()
    expect(await workersOn(host)).toEqual([expect.stringContaining('worker-2.mjs')])
    expect(await workersOn(quiet)).toEqual([])
  } finally {
    for (const { child } of [frozen, live]) child.kill()
  }
  // Its boss is gone: it leaves by itself.
  await expect.poll(() => workersOn(host)).toEqual([])
})

test('a host that dies in the middle loses its cells to the others, and no board its outcome', async ({
  app: { page },
  lab,
}) => {
  const victim = lab.host('h2')
  await hold(victim)
  await build(page)
  await expect(machineRow(page, 'h2')).toContainText('2/2', { timeout: 300_000 })
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.locator('.run-line')).toContainText('paused')
  await victim.kill()
  await expect(count(page, 'lost')).toHaveText('2 lost')
  await expect(machineRow(page, 'h2')).toContainText('lost')
  await count(page, 'lost').click()
  const lost = await readGrid(page)
  expect(lost).toEqual([
    { board: expect.any(String), state: 'lost', machine: 'h2' },
    { board: expect.any(String), state: 'lost', machine: 'h2' },
  ])
  await count(page, 'lost').click()

  await letGo(victim)
  await page.getByRole('button', { name: 'Go on' }).click()
  expect(await runEnds(page, boards)).toMatchObject({ ok: boards, failed: 0 })
  await victim.boot()
  const after = await readGrid(page)
  for (const { board } of lost) {
    expect(after.find((cell) => cell.board === board)?.machine).toMatch(/^h[13]$/)
  }
  await page.getByRole('searchbox', { name: /^Filter boards/ }).fill(`${lost[0]?.board}`)
  await page.keyboard.press('Enter')
  await gridOf(page).press('Home')
  expect(await focusedCell(page)).toContain(`${lost[0]?.board}, ok`)
  await page.keyboard.press('Enter')
  await expect(page.getByText('first begun on h2, which went away')).toBeVisible()
})

test('a closed window comes back to the same picture, and quitting leaves nothing on the hosts', async ({
  app,
  profile,
  lab,
}) => {
  const { electron, page } = app
  await hold(lab.host('h1'), lab.host('h2'))
  await build(page)
  // The third host builds on until the others' boards are all that is left.
  for (const name of ['h1', 'h2'])
    await expect(machineRow(page, name)).toContainText('2/2', { timeout: 300_000 })
  await hold(lab.host('h3'))
  await expect(count(page, 'building')).toHaveText('6 building')
  const before = await settledGrid(page)

  const closed = page.waitForEvent('close')
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await closed
  const reopened = electron.waitForEvent('window')
  await expect(launchApp(profile)).rejects.toThrow()
  const again = await reopened
  await expect(count(again, 'building')).toHaveText('6 building')
  expect(await readGrid(again)).toEqual(before)

  await quitApp(app)
  const left = async () => (await Promise.all(lab.hosts.map((host) => host.processes()))).flat()
  await expect.poll(left, { timeout: 300_000 }).toEqual([])
})

test('a machine that is added while a run goes on joins it', async ({ app: { page }, lab }) => {
  await hold(...lab.hosts)
  await build(page)
  await expect(machineRow(page, 'h1')).toContainText('2/2', { timeout: 300_000 })
  await page.getByRole('button', { name: commands['add-machine'].title }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a machine' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('h4')
  await dialog.getByText('More', { exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Busy above load per core' }).fill('1000')
  await expect(dialog.getByRole('switch', { name: 'Add it to the run' })).toBeChecked()
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(machineRow(page, 'h4')).toContainText(/[1-9]\/\d/, { timeout: 300_000 })
  await letGo(...lab.hosts)
  expect(await runEnds(page, boards)).toMatchObject({ ok: boards, failed: 0 })
  expect((await readGrid(page)).map(({ machine }) => machine)).toContain('h4')
})

/** Whatever else is stale, as on the computer of somebody who works on Slipway, is not this test's. */
async function untickElsewhere(dialog: Locator, machine: string): Promise<void> {
  const names = await dialog
    .getByRole('checkbox', { checked: true })
    .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label') ?? ''))
  for (const name of names.filter((text) => !text.endsWith(` on ${machine}`))) {
    await dialog.getByRole('checkbox', { name, exact: true }).uncheck()
  }
}

function buildmanSettings(lab: Lab): string {
  const hosts = lab.hosts.slice(0, -1)
  const sections = hosts.map(
    ({ name }) => `[machine:${name}]\nmax_boards = 2\nmax_load_per_core = 1000\n`,
  )
  const names = hosts.map(({ name }) => `${name}\n`).join('')
  return `[toolchain]\nroot = /\n[machines]\n${names}${sections.join('')}`
}

/** Starts a run of all boards once every host has answered. */
async function build(page: Page): Promise<void> {
  await expect(page.locator('.build-says')).toHaveText(/ on h1, h2 and h3/, { timeout: 300_000 })
  await page.getByRole('button', { name: 'Build', exact: true }).click()
}

/** A status and how many builds have it. */
function count(page: Page, state: string): Locator {
  return page
    .getByRole('group', { name: 'Builds by status' })
    .getByRole('button', { name: new RegExp(`^\\d+ ${state}$`) })
}

function machineRow(page: Page, name: string): Locator {
  return page
    .locator('.machine')
    .filter({ has: page.locator('.machine-name', { hasText: new RegExp(`^${name}$`) }) })
}

/** The grid once nothing changes in it any more. */
async function settledGrid(page: Page): Promise<CellText[]> {
  let cells = await readGrid(page)
  const isSettled = async () => {
    const before = cells
    cells = await readGrid(page)
    return isDeepStrictEqual(cells, before)
  }
  await expect.poll(isSettled).toBe(true)
  return cells
}

/** A worker as a boss starts one, by the system's ssh; each needs a work folder of its own. */
async function startWorker(
  lab: Lab,
  host: Host,
  number: number,
): Promise<{ child: ChildProcess; pid: number }> {
  await mkdir(join(host.home, `work-${number}`), { recursive: true })
  await copyFile('out/worker/worker.mjs', join(host.home, `worker-${number}.mjs`))
  const command = `git init -q work-${number}; exec node worker-${number}.mjs --worker`
  const child = spawn('ssh', ['-F', lab.sshConfig, host.name, command], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const said = createInterface({ input: child.stdout })
  await once(said, 'line')
  const home = (await ssh(lab, host, 'pwd')).trim()
  const setup = {
    cmd: 'setup',
    work_dir: join(home, `work-${number}`),
    boss: `anna@desk-${number}`,
    run_id: `run-${number}`,
  }
  child.stdin.write(`${JSON.stringify(setup)}\n`)
  await once(said, 'line')
  // It would leave a boss that is silent, as on a busy machine this test may be for long.
  const pings = setInterval(() => child.stdin.write('{"cmd":"ping","seq":1}\n'), 5000)
  child.once('exit', () => clearInterval(pings))
  child.stdin.on('error', () => clearInterval(pings))
  const found = await ssh(lab, host, `pgrep -of 'node worker-${number}[.]mjs --worker'`)
  return { child, pid: Number(found) }
}

/** So that it looks as one that has not been fed for long. */
async function freeze(lab: Lab, host: Host, pid: number): Promise<void> {
  await ssh(
    lab,
    host,
    `kill -STOP ${pid}
    for lock in "$XDG_RUNTIME_DIR"/slipway/*.lock; do
      if grep -q '"pid":${pid},' "$lock"; then touch -d '5 minutes ago' "$lock"; fi
    done`,
  )
}

async function ssh(lab: Lab, host: Host, command: string): Promise<string> {
  return (await run('ssh', ['-F', lab.sshConfig, '-n', host.name, command])).stdout
}

async function workersOn(host: Host): Promise<string[]> {
  const all = await host.processes()
  return all.map(({ command }) => command).filter((command) => command.includes('--worker'))
}
