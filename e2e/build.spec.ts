import { expect, type Locator, type Page } from '@playwright/test'
import { buttonNamed, demoMachines, startDemo } from './demo.ts'
import {
  focusedCell,
  gridOf,
  legendColours,
  paintedColour,
  parseCell,
  readGrid,
  runEnds,
  walkGrid,
} from './grid.ts'
import { test } from './launch-app.ts'

test.describe.configure({ timeout: 900_000 })

test('welcome, demo machines, build: each machine builds in its colour, and a failure leads to its first error', async ({
  app: { page },
}) => {
  await startDemo(page)
  await page.getByRole('switch', { name: 'No local' }).check()
  await buttonNamed(page, 'Build').click()
  const counts = await runEnds(page, 50)
  expect(counts.failed).toBeGreaterThan(2)
  expect(counts.warnings).toBeGreaterThan(2)

  const legend = await legendColours(page)
  const builders = new Set<string>()
  await walkGrid(page, async ({ state, machine }) => {
    if (state !== 'not built') builders.add(machine)
    if (state === 'ok') expect(await paintedColour(page)).toBe(legend.get(machine))
  })
  expect([...builders].sort()).toEqual(demoMachines)

  await gridOf(page).press('Home')
  await page.keyboard.press('n')
  const failed = parseCell(await focusedCell(page))
  expect(failed.state).toBe('failed')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Log' })).toBeFocused()
  await expect(page.locator('.log-line-error').first()).toHaveClass(/cm-activeLine/)

  const other = demoMachines.find((name) => name !== failed.machine) ?? ''
  await buttonNamed(page, 'Build again').click()
  await page.locator('.menu-item', { hasText: other }).click()
  expect(await runEnds(page, 50, 1)).toEqual(counts)
  await expect(page.locator('.build-line')).toContainText(
    new RegExp(`before: failed .*on ${failed.machine}`),
  )
  expect(parseCell(await focusedCell(page))).toEqual({ ...failed, machine: other })
  await page.getByRole('group', { name: 'Beside the log' }).getByText('Facts').click()
  await expect(
    page.getByText(`It failed on ${failed.machine}, too: look at the code first.`).first(),
  ).toBeVisible()
})

test('no local and a choice of machines keep everything else idle', async ({ app: { page } }) => {
  await startDemo(page)
  const boards = page.getByRole('searchbox', { name: /^Boards to build/ })
  await boards.fill('sim_jetty sim_mooring sim_nowhere')
  await expect(page.getByText('2 boards by name')).toBeVisible()
  await expect(page.getByText('not in the tree: sim_nowhere')).toBeVisible()
  await boards.fill('sim_jetty.* sim_mooring')
  await buttonNamed(page, 'selections').click()
  await page.getByLabel(/^Keep \d+ boards as/).fill('the pier')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await buttonNamed(page, 'Clear').click()
  await buttonNamed(page, 'selections').click()
  await page.getByRole('button', { name: /^the pier/ }).click()
  await expect(boards).toHaveValue('sim_jetty.* sim_mooring')
  await page.getByRole('switch', { name: 'No local' }).check()
  await buttonNamed(page, 'all 3 machines').click()
  await page.getByRole('checkbox', { name: 'demo-kauri' }).uncheck()
  await page.getByRole('checkbox', { name: 'demo-totara' }).uncheck()
  await page.keyboard.press('Escape')
  await expect(buttonNamed(page, '1 of 3 machines')).toBeVisible()
  await expect(page.locator('.build-says')).toHaveText(/^Build 3 boards on demo-rimu/)
  await buttonNamed(page, 'Build').click()
  expect(await runEnds(page, 3)).toMatchObject({ ok: 3 })
  const cells = await readGrid(page)
  expect(new Set(cells.map(({ machine }) => machine))).toEqual(new Set(['demo-rimu']))

  await gridOf(page).press('Enter')
  await buttonNamed(page, 'Build again').click()
  await page.locator('.menu-item', { hasText: 'On two machines, and compare' }).click()
  const dialog = page.getByRole('dialog', { name: /^Build sim_\w+ on machines and compare$/ })
  for (const name of ['demo-totara', 'this computer']) await dialog.getByLabel(name).uncheck()
  await dialog.getByRole('button', { name: 'Build and compare' }).click()
  await expect(dialog.getByText('All of them build the same.')).toBeVisible({ timeout: 300_000 })
  await expect(dialog.getByText('demo-kauri and demo-rimu may replace each other.')).toBeVisible()
})

test('an image that lacks firmware is known before the run, and taken for one that does not boot', async ({
  app: { page, electron },
}) => {
  await startDemo(page)
  await page.getByRole('switch', { name: 'No local' }).check()
  await page.getByRole('searchbox', { name: /^Boards to build/ }).fill('sim_rig_pro')
  await expect(page.getByRole('button', { name: /^lack firmware \d+$/ })).toBeVisible()
  await expect(page.getByRole('option', { name: /needs tfa\.bin \(BL31\): missing/ })).toBeVisible()
  await buttonNamed(page, 'Menu').click()
  await page.getByRole('menuitem', { name: 'Settings …' }).click()
  await page.getByRole('switch', { name: 'Keep the images' }).check()
  await page.getByRole('switch', { name: 'Missing blobs are no failure' }).check()
  await page.keyboard.press('Escape')
  await buttonNamed(page, 'Build').click()
  expect(await runEnds(page, 1)).toMatchObject({ 'no boot': 1, ok: 0, warnings: 0 })
  expect(await readGrid(page)).toMatchObject([{ board: 'sim_rig_pro', state: 'no boot' }])
  await page.keyboard.press('Enter')
  await page.getByRole('group', { name: 'Beside the log' }).getByText('Facts').click()
  await expect(page.getByRole('heading', { name: 'Firmware that it lacks' })).toBeVisible()
  await electron.evaluate(({ shell }) => {
    shell.openPath = (path) => Promise.resolve(path.endsWith('/sim_rig_pro') ? '' : path)
  })
  await expect(page.getByRole('listitem').filter({ hasText: 'u-boot.bin' })).toBeVisible()
  await buttonNamed(page, 'Open folder').click()
  await expect(page.getByText("can't be shown")).toHaveCount(0)
})

test('everything by keyboard: demo, boards, build, failure, log, build again', async ({
  app: { page },
}) => {
  await tabTo(page, buttonNamed(page, 'Try the sample on demo machines'))
  await page.keyboard.press('Enter')
  await expect(buttonNamed(page, 'Build')).toBeEnabled()
  await tabTo(page, page.getByRole('searchbox', { name: /^Boards to build/ }))
  await page.keyboard.type('sim_beacon')
  await tabTo(page, page.getByRole('switch', { name: 'No local' }))
  await page.keyboard.press('Space')
  await tabTo(page, buttonNamed(page, 'Build'))
  await page.keyboard.press('Enter')
  await tabTo(page, gridOf(page))
  expect(await runEnds(page, 2)).toMatchObject({ failed: 1, ok: 1 })

  await page.keyboard.press('n')
  await expect.poll(() => focusedCell(page)).toMatch(/^sim_beacon_v2, failed, on demo-/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Log' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(gridOf(page)).toBeFocused()
  await page.keyboard.press('r')
  expect(await runEnds(page, 2, 1)).toMatchObject({ failed: 1, ok: 1 })
})

/** Moves the focus with the Tab key alone. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const isThere = () => target.evaluate((element) => element === document.activeElement)
  for (let steps = 0; !(await isThere()); steps += 1) {
    expect(steps, 'Tab leads there').toBeLessThan(150)
    await page.keyboard.press('Tab')
  }
}
