// npm run bench views-look [FOLDER [NAME]]: pictures of what surrounds the grid (log, timeline, summary, history,
// settings, terminal, palette), from made-up runs, for the eye; and what axe finds wrong with them.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { startHarness } from './ui/harness.ts'
import type { scheduledRun } from './ui/scheduled-run.ts'

type Look = {
  readonly name: string
  readonly theme: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
  readonly run?: Parameters<typeof scheduledRun>[0]
  readonly act: (page: Page) => Promise<void>
}

const over = { boards: 300, commits: 1, machines: 5, seconds: 500, speed: 1 }
const series = { boards: 120, commits: 12, machines: 5, seconds: 1900, speed: 3 }
const small = { width: 1024, height: 700 }

const live = { ...over, boards: 900, seconds: 260 }

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click()

const menu = async (page: Page, entry: string) => {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

const settings = async (page: Page, part: string) => {
  await menu(page, 'Settings …')
  await page.getByText(part, { exact: true }).click()
}

const terminalText = [
  '\x1b[1;32mada@moa\x1b[0m:\x1b[1;34m~/u-boot\x1b[0m$ make -j16',
  "\x1b[01mcommon/spl/spl.c:512:9: \x1b[01;31merror: \x1b[0mimplicit declaration of function '\x1b[1mspl_boot_mode\x1b[0m'",
  'make: *** [Makefile:177: sub-make] Error 2',
  '\x1b[1;32mada@moa\x1b[0m:\x1b[1;34m~/u-boot\x1b[0m$ ',
].join('\r\n')

const firstFailure = async (page: Page) => {
  await page.locator('.grid-pane').press('n')
  await page.keyboard.press('Enter')
}

const firstWithoutBoot = async (page: Page) => {
  await page.getByRole('button', { name: /no boot$/ }).click()
  const grid = page.locator('.grid-pane')
  await grid.press('Home')
  await grid.press('Enter')
  await page.locator('.build-detail').waitFor()
  const side = page.getByRole('button', { name: 'Show problems and facts' })
  if (await side.isVisible()) await side.click()
  await page.getByText('Facts', { exact: true }).click()
}

const looks: readonly Look[] = [
  { name: 'plan-firmware', theme: 'dark', width: 1440, act: async () => {} },
  { name: 'plan-firmware-small', theme: 'light', ...small, act: async () => {} },
  { name: 'no-boot-light', theme: 'light', width: 1440, run: over, act: firstWithoutBoot },
  { name: 'no-boot-small', theme: 'dark', ...small, run: over, act: firstWithoutBoot },
  { name: 'log-light', theme: 'light', run: over, act: firstFailure },
  { name: 'log-dark', theme: 'dark', run: series, act: firstFailure },
  { name: 'log-small', theme: 'light', ...small, run: over, act: firstFailure },
  {
    name: 'log-facts',
    theme: 'light',
    run: series,
    act: async (page) => {
      await page.locator('.grid-pane').press('End')
      await page.keyboard.press('Enter')
      await page.getByText('Facts', { exact: true }).click()
    },
  },
  {
    name: 'log-search',
    theme: 'dark',
    run: over,
    act: async (page) => {
      await firstFailure(page)
      await page.waitForSelector('.cm-focused')
      await page.keyboard.press('/')
      await page.keyboard.type('spl_')
    },
  },
  { name: 'timeline-light', theme: 'light', run: over, act: (page) => tab(page, 'Timeline') },
  { name: 'timeline-live', theme: 'dark', run: live, act: (page) => tab(page, 'Timeline') },
  {
    name: 'timeline-merged',
    theme: 'light',
    run: { ...series, machines: 14 },
    act: (page) => tab(page, 'Timeline'),
  },
  {
    name: 'timeline-zoomed',
    theme: 'light',
    run: series,
    act: async (page) => {
      await tab(page, 'Timeline')
      await page.locator('.timeline-pane').press('n')
      for (let step = 0; step < 9; step += 1) await page.keyboard.press('w')
      await page.keyboard.press('Enter')
      await page.mouse.move(700, 200)
    },
  },
  {
    name: 'timeline-small',
    theme: 'dark',
    ...small,
    run: live,
    act: (page) => tab(page, 'Timeline'),
  },
  { name: 'boards-light', theme: 'light', run: over, act: (page) => tab(page, 'Boards') },
  {
    name: 'boards-small',
    theme: 'dark',
    ...small,
    run: series,
    act: (page) => tab(page, 'Boards'),
  },
  { name: 'summary-light', theme: 'light', run: series, act: (page) => tab(page, 'Summary') },
  {
    name: 'summary-end',
    theme: 'dark',
    run: series,
    act: async (page) => {
      await tab(page, 'Summary')
      await page.locator('.table-frame').scrollIntoViewIfNeeded()
    },
  },
  { name: 'summary-one', theme: 'light', run: over, act: (page) => tab(page, 'Summary') },
  {
    name: 'summary-small',
    theme: 'light',
    ...small,
    run: live,
    act: (page) => tab(page, 'Summary'),
  },
  { name: 'history-light', theme: 'light', run: over, act: (page) => tab(page, 'History') },
  {
    name: 'history-compare',
    theme: 'dark',
    run: over,
    act: async (page) => {
      await tab(page, 'History')
      await page.getByRole('checkbox').nth(1).click()
      await page.getByRole('checkbox').nth(3).click()
      await page.getByRole('button', { name: 'Compare' }).click()
    },
  },
  { name: 'settings-builds', theme: 'light', run: over, act: (page) => settings(page, 'Builds') },
  { name: 'settings-look', theme: 'dark', run: over, act: (page) => settings(page, 'Look') },
  { name: 'settings-small', theme: 'dark', ...small, act: (page) => settings(page, 'Builds') },
  { name: 'settings-firmware', theme: 'light', act: (page) => settings(page, 'Firmware') },
  {
    name: 'settings-firmware-small',
    theme: 'dark',
    ...small,
    act: async (page) => {
      await settings(page, 'Firmware')
      await page.getByRole('button', { name: 'Add a file' }).click()
    },
  },
  {
    name: 'settings-tools',
    theme: 'light',
    act: (page) => settings(page, 'Editor, notices, updates'),
  },
  {
    name: 'palette',
    theme: 'light',
    run: over,
    act: async (page) => {
      await menu(page, 'Commands …')
      await page.keyboard.type('te')
    },
  },
  { name: 'help', theme: 'dark', run: over, act: (page) => menu(page, 'Keyboard') },
  { name: 'terminal-none', theme: 'light', act: (page) => menu(page, 'Terminals') },
  {
    name: 'terminal-dark',
    theme: 'dark',
    run: over,
    act: async (page) => {
      await firstFailure(page)
      await page.getByRole('button', { name: 'Terminal in its output folder' }).click()
      await page.waitForSelector('.xterm-screen')
      await harness.electron.evaluate(({ BrowserWindow }, data) => {
        for (const window of BrowserWindow.getAllWindows()) {
          window.webContents.send('slipway:event', 'terminal:data', { id: 'terminal-1', data })
        }
      }, terminalText)
    },
  },
]

const [folder = '/tmp/slipway-views', only = ''] = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const harness = await startHarness()
try {
  for (const look of looks.filter(({ name }) => name.includes(only))) await take(look)
} finally {
  await harness.close()
}

async function take({ name, theme, width = 1600, height = 900, run, act }: Look): Promise<void> {
  const boss = { theme, trees: ['/home/ada/u-boot'], machines: 5, boards: 1228 }
  const page = await harness.open({ width, height, boss })
  page.on('pageerror', (error) => console.error(`${name}: ${error.stack}`))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${name}: ${message.text()}`)
  })
  await page.waitForSelector('.frame')
  if (run) {
    await harness.electron.evaluate((_, options) => slipwayBoss.playScheduled(options), run)
    await page.waitForSelector('.grid-pane')
    await page.waitForTimeout(800)
  }
  await act(page)
  await page.waitForTimeout(700)
  const file = join(folder, `${name}.png`)
  await page.screenshot({ path: file })
  console.log(file)
  await tellViolations(name, page)
  await page.close()
}

/** Everything that hinders people who use a keyboard, a screen reader or low vision. */
async function tellViolations(name: string, page: Page): Promise<void> {
  // The usual way opens a second page, which Electron does not have.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  for (const { id, impact, help, nodes } of violations) {
    const where = nodes.map(({ target }) => target.join(' ')).slice(0, 3)
    console.log(`  ${name}: ${impact} ${id}: ${help}: ${where.join(' | ')} (${nodes.length})`)
  }
}
