import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import {
  type BuildSettings,
  defaultBuildSettings,
} from '../../src-core/build-options/build-settings.ts'
import { focusedCell, gridOf, legendColours, paintedColour, readGrid, walkGrid } from '../grid.ts'
import { test as base, type LaunchedApp, launchApp, quitApp, useApp } from '../launch-app.ts'
import { addCheckout, plainMake } from './plain-make.ts'
import type { World } from './world.ts'
import { appendLine, boards, isRoot, makeWorld, processesOn, resultLine, targets } from './world.ts'

/** The main job as its users do it: real U-Boot, real compilers, three real hosts, the real window. */

const test = base.extend<object, { world: World }>({
  world: [
    // biome-ignore lint: playwright reads the names of the fixtures it needs from the pattern
    async ({}, use) => {
      const world = await makeWorld()
      await use(world)
      await world.stop()
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  app: async ({ profile, world }, use, testInfo) => {
    await seedSettings(profile, { reproducible: true })
    await useApp(profile, world.env as Record<string, string>, use, testInfo)
  },
})

test.describe.configure({ mode: 'serial', timeout: 900_000 })

/** Boards, by buildman's language: each name and nothing that begins like it. */
const terms = targets.map((target) => `${target}$`).join(' ')

test('a few of 1,228 boards, on the three hosts that were picked, come out as by hand', async ({
  app,
  world,
}) => {
  const { page } = app
  await chooseTree(app, world.tree)
  await expect(page.locator('.boards-head')).toContainText('of 1,228', { timeout: 300_000 })
  await page.getByRole('searchbox', { name: /^Boards to build/ }).fill(terms)
  await expect(page.locator('.boards-head')).toContainText(`Boards ${targets.length} of `)
  await page.getByRole('switch', { name: 'Distribute' }).check()
  await page.getByRole('switch', { name: 'No local' }).check()
  const says = new RegExp(`^Build ${targets.length} boards on kea, moa and tui`)
  await expect(page.locator('.build-says')).toHaveText(says, { timeout: 300_000 })
  await build(page)
  await runIsOver(page)

  const legend = await legendColours(page)
  const builders = new Map<string, string>()
  await walkGrid(page, async ({ board, state, machine }) => {
    builders.set(board, machine)
    expect(['ok', 'warnings'], `${board}: ${state}`).toContain(state)
    expect(await paintedColour(page), `${board} on ${machine}`).toBe(legend.get(machine))
  })
  expect([...builders.keys()].sort()).toEqual(targets)
  const { noNode, noRiscv, oneCore } = world.hosts
  const hosts = [noNode, noRiscv, oneCore].map(({ name }) => name)
  expect([...new Set(builders.values())].sort()).toEqual(hosts.sort())

  const results = join(`${world.tree}-builds`, 'current')
  const checkout = await addCheckout(world)
  for (const board of boards) {
    const sizes = await resultLine(results, board.target, 'sizes')
    expect(sizes, board.target).not.toBe('')
    expect(sizes, board.target).toBe(await plainMake(world, checkout, board))
    if (isRoot && board.arch === 'riscv64') {
      expect(builders.get(board.target)).not.toBe(noRiscv.name)
    }
  }
})

test('the app is killed in the middle of a series: nothing runs on, the next start goes on, and the summary names the commit', async ({
  app,
  profile,
  world,
}) => {
  await quitApp(app)
  await seedSettings(profile, { configOnly: true }, world)
  const env = world.env as Record<string, string>
  const doomed = await launchApp(profile, env)
  await chooseSeries(doomed.page)
  await build(doomed.page)
  await expect.poll(() => finishedBuilds(doomed.page), { timeout: 300_000 }).toBeGreaterThan(5)
  const main = doomed.electron.process()
  main.kill('SIGKILL')
  await once(main, 'exit')
  await expect.poll(() => processesOn(world), { timeout: 300_000 }).toEqual([])

  const again = await launchApp(profile, env)
  const { page } = again
  await chooseSeries(page)
  await build(page)
  await expect.poll(() => finishedBuilds(page), { timeout: 300_000 }).toBeGreaterThan(0)
  await world.hosts.noNode.kill()
  await runIsOver(page)
  await world.hosts.noNode.boot()

  const broken = boards.filter(({ arch }) => arch === 'riscv64').map(({ target }) => target)
  const failed = await failures(page)
  expect(new Set(failed.map((text) => text.split(',')[0]))).toEqual(new Set(broken))
  // At the third commit and at the fourth, which does not mend it.
  expect(failed).toHaveLength(2 * broken.length)
  await page.getByRole('tab', { name: 'Summary' }).click()
  const section = page.locator('.commit-section', { hasText: 'riscv: Break every board' })
  await expect(section).toContainText(`Broken: ${broken.length} boards`)
  for (const board of broken) await expect(section).toContainText(board)
  await expect(page.getByRole('heading', { name: /^Broken/ })).toHaveCount(1)
  await quitApp(again)
})

test('what is changed on disk and not committed is what the hosts build', async ({
  app,
  profile,
  world,
}) => {
  await quitApp(app)
  await seedSettings(profile, { configOnly: true }, world)
  await appendLine(world.tree, 'arch/arm/Makefile', '$(error not committed)')
  const changed = await launchApp(profile, world.env as Record<string, string>)
  const { page } = changed
  await chooseBoards(page)
  await build(page)
  await runIsOver(page)
  for (const { board, state } of await readGrid(page)) {
    const { arch } = boards.find(({ target }) => target === board) ?? {}
    // The folder is that of 64-bit boards, too.
    const wrong = arch === 'arm' || arch === 'aarch64'
    const said = await resultLine(join(`${world.tree}-builds`, 'current'), board, 'err')
    expect(`${board} ${state}`, said).toBe(`${board} ${wrong ? 'failed' : 'ok'}`)
  }
  await gridOf(page).press('Home')
  await page.keyboard.press('n')
  await page.keyboard.press('Enter')
  await expect(page.locator('.log-line-error').first()).toContainText('not committed')
  await quitApp(changed)
  await world.git('checkout', '-q', '--', 'arch')
})

/** What the person set before; with a world, they also had its tree open and built nothing here. */
async function seedSettings(
  profile: string,
  settings: Partial<BuildSettings>,
  world?: World,
): Promise<void> {
  const build = { ...defaultBuildSettings, ...settings }
  const last = world ? { recentTrees: [world.tree], noLocal: true } : {}
  await mkdir(profile, { recursive: true })
  await writeFile(join(profile, 'settings.json'), JSON.stringify({ build, ...last }))
}

/** Answers the system's folder dialog, which no test can drive. */
async function chooseTree({ electron, page }: LaunchedApp, dir: string): Promise<void> {
  await electron.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] })
  }, dir)
  await page.getByRole('button', { name: 'Open a folder …' }).click()
}

async function chooseBoards(page: Page): Promise<void> {
  await page.getByRole('searchbox', { name: /^Boards to build/ }).fill(terms)
  await expect(page.locator('.build-says')).toHaveText(/ on kea, moa and tui/, { timeout: 300_000 })
}

async function chooseSeries(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Commits' }).getByText('Branch').click()
  await page.getByRole('combobox', { name: 'Branch' }).selectOption('series')
  await chooseBoards(page)
  await expect(page.locator('.launch-commits')).toContainText('4 commits')
}

/** What is said of each failed build, read by going from one to the next until they repeat. */
async function failures(page: Page): Promise<string[]> {
  const said = new Set<string>()
  await gridOf(page).press('Home')
  for (;;) {
    await page.keyboard.press('n')
    const text = await focusedCell(page)
    if (said.has(text)) return [...said]
    expect(text).toContain(', failed, ')
    said.add(text)
  }
}

/** Starts a run; what is shown before may be an earlier one. */
async function build(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Build', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible()
}

async function runIsOver(page: Page): Promise<void> {
  await expect(page.locator('.run-line')).toContainText('finished', { timeout: 800_000 })
}

async function finishedBuilds(page: Page): Promise<number> {
  const text = (await page.locator('.run-line').textContent()) ?? ''
  return Number(/(\d+) \/ \d+/.exec(text)?.[1] ?? 0)
}
