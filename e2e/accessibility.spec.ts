import { expect, type Page } from '@playwright/test'
import { axeFindings } from './axe.ts'
import { buttonNamed, startDemo } from './demo.ts'
import { gridOf, runEnds } from './grid.ts'
import { test } from './launch-app.ts'

test.describe.configure({ timeout: 900_000 })

test('axe finds nothing in any view or dialog, light, dark and in forced colours, and regions are named', async ({
  app: { page },
}) => {
  await buttonNamed(page, 'Try the sample on demo machines').waitFor()
  await isSound(page, 'welcome')
  await startDemo(page)
  await isSound(page, 'plan')
  await buttonNamed(page, 'Build otherwise').click()
  await expect(page.getByRole('menuitem', { name: /your change can touch/ })).toBeVisible()
  await isSound(page, 'what else Build can do', '.menu')
  await page.keyboard.press('Escape')
  await oneRun(page)
  await aSeries(page)
  await whatCameBefore(page)
  await dialogs(page)
})

async function oneRun(page: Page): Promise<void> {
  await page.getByRole('searchbox', { name: /^Boards to build/ }).fill('sim_beacon sim_beacon_v2')
  await page.getByRole('switch', { name: 'No local' }).check()
  await expect(page.locator('.build-says')).toHaveText(/^Build 2 boards/)
  await buttonNamed(page, 'Build').click()
  await runEnds(page, 2)
  await isSound(page, 'grid')
  await gridOf(page).press('n')
  await regionsAreNamed(page)
  await page.keyboard.press('Shift+F10')
  await isSound(page, 'menu of a build', '.menu')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await expect(page.locator('.log-line-error').first()).toBeVisible()
  await isSound(page, 'log', '.detail-dock')
  await expect(page.locator('.detail-dock')).toMatchAriaSnapshot(`
    - region "Build":
      - heading "sim_beacon_v2" [level=2]
      - button /^Previous failed build/
      - button "Build again"
      - button "Close the details"
      - region "Log of sim_beacon_v2":
        - textbox "Log"
      - complementary "Problems and facts":
        - group "Beside the log"
        - listbox "1 error":
          - option /no member named 'led_brightness'/ [selected]
  `)
  await page.getByRole('group', { name: 'Beside the log' }).getByText('Facts').click()
  await isSound(page, 'facts of a build', '.detail-dock')
  await page.getByRole('button', { name: /^Terminal in its output folder/ }).click()
  await page.locator('.terminal-front .xterm-rows').waitFor()
  await isSound(page, 'terminals', '.stage')
}

async function aSeries(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Commits' }).getByText('Branch').click()
  await expect(page.locator('.build-says')).toHaveText(/at 9 commits/)
  await buttonNamed(page, 'Build').click()
  await page.keyboard.press('Alt+1')
  await expect(page.locator('.run-line')).toHaveText(/9 commits .*finished$/, { timeout: 300_000 })
  await gridOf(page).press('n')
  await isSound(page, 'matrix', '.stage')
  await page.keyboard.press('Shift+F10')
  await page.locator('.menu-item', { hasText: 'Find the commit' }).click()
  await isSound(page, 'find the commit', 'dialog')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+2')
  await isSound(page, 'timeline', '.stage')
  await page.keyboard.press('Alt+7')
  await page.getByRole('table', { name: 'Builds of the run' }).waitFor()
  await isSound(page, 'table of boards', '.stage')
  await page.keyboard.press('Alt+3')
  await page.getByRole('heading', { name: /^2 boards/ }).waitFor()
  await isSound(page, 'summary', '.stage')
}

async function whatCameBefore(page: Page): Promise<void> {
  await page.keyboard.press('Alt+4')
  const ticks = page.getByRole('checkbox', { name: /^Compare / })
  await ticks.nth(0).check()
  await ticks.nth(1).check()
  await isSound(page, 'history', '.stage')
  await buttonNamed(page, 'Compare').click()
  await buttonNamed(page, 'Back to the history').waitFor()
  await isSound(page, 'comparison', '.stage')
  await page.keyboard.press('Alt+6')
  await isSound(page, 'search for a commit', '.stage')
}

async function dialogs(page: Page): Promise<void> {
  const menu = buttonNamed(page, 'Menu')
  await menu.click()
  await isSound(page, 'menu', '.menu')
  await page.keyboard.press('Escape')
  const entries = ['Commands', 'Keyboard', 'Report a problem', 'Save a report', 'About', 'Stale']
  for (const entry of entries) {
    await menu.click()
    await page.locator('.menu-item:visible', { hasText: entry }).click()
    await isSound(page, entry, 'dialog')
    await page.keyboard.press('Escape')
  }
  await menu.click()
  await page.locator('.menu-item', { hasText: 'Settings' }).click()
  for (const name of ['Builds', 'Machines', 'Firmware', 'Look', 'Editor, notices, updates']) {
    await page.getByRole('radio', { name }).check({ force: true })
    await isSound(page, `settings: ${name}`, 'dialog')
  }
  await page.keyboard.press('Escape')
  for (const entry of ['What it has', 'Edit', 'Remove']) {
    await buttonNamed(page, 'More about demo-kauri').click()
    await page.locator('.menu-item:visible', { hasText: entry }).click()
    await isSound(page, entry, 'dialog')
    await page.keyboard.press('Escape')
  }
  await buttonNamed(page, 'Are my machines alike? …').click()
  await isSound(page, 'comparison of machines', 'dialog')
  await page.keyboard.press('Escape')
}

async function isSound(page: Page, what: string, part?: string): Promise<void> {
  await test.step(what, async () => expect.soft(await axeFindings(page, part)).toEqual([]))
}

/** What a screen reader finds its way by, once two boards were built and the second one failed. */
async function regionsAreNamed(page: Page): Promise<void> {
  await expect(page.locator('.top-bar')).toMatchAriaSnapshot(`
    - banner:
      - button "Hide what to build" [expanded]
      - heading "Slipway" [level=1]
      - paragraph:
        - text: /2 boards of sample-tree, current source 2 of 2 built/
        - strong: finished
      - button "Build the failed again"
      - button "Menu"
      - button "Hide the machines" [expanded]
  `)
  await expect(page.locator('.launch-panel')).toMatchAriaSnapshot(`
    - complementary "Build":
      - region "Tree":
        - button /^sample-tree/
      - region "Commits":
        - group "Commits":
          - radio "Current source" [checked]
          - radio "Branch"
          - radio "Range"
      - region "Boards":
        - heading /^Boards 2 of \\d+/ [level=2]
        - searchbox /^Boards to build/
        - group "Arch"
        - listbox "Boards":
          - option "sim_beacon sandbox sim" [selected]
          - option "sim_beacon_v2 sandbox sim" [selected]
      - region "Where":
        - switch "Distribute" [checked]
        - button "all 3 machines"
        - switch "No local" [checked]
      - region "Start":
        - button /^Build/
  `)
  await expect(page.locator('.stage')).toMatchAriaSnapshot(`
    - main:
      - tablist "Views of the run":
        - tab "Plan"
        - tab "Grid" [selected]
        - tab "Timeline"
        - tab "Boards"
        - tab "Summary"
        - tab "History"
        - tab "Terminals"
      - searchbox /^Filter boards/
      - combobox "Colour by"
      - group "Zoom"
      - tabpanel "Grid":
        - group "Builds by status":
          - button "1 failed"
        - grid "Builds":
          - row:
            - gridcell /^sim_beacon, ok, on demo-/
            - gridcell /^sim_beacon_v2, failed, on demo-/
  `)
  await expect(page.locator('.machines-panel')).toMatchAriaSnapshot(`
    - complementary "Machines":
      - heading "Machines" [level=2]
      - button "Probe all machines again"
      - button "Add a machine"
      - region "Own machines":
        - list:
          - listitem:
            - button /demo-kauri \\d+ slots/
            - button "More about demo-kauri"
          - listitem
          - listitem
          - listitem:
            - button /This computer not in next run \\d+ slots/
      - button "Are my machines alike? …"
      - button "Stale workers …"
  `)
}
