import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { buttonNamed, startDemo } from './demo.ts'
import { focusedCell, gridOf, readGrid, runEnds } from './grid.ts'
import { type LaunchedApp, test } from './launch-app.ts'

test.describe.configure({ timeout: 900_000 })

const boards = ['sim_beacon', 'sim_beacon_v2', 'sim_jetty', 'sim_jetty_nand']

test('a run is filtered, walked along its timeline, summed up, saved, found in the history and compared', async ({
  app,
  profile,
}) => {
  const { page } = app
  await startDemo(page)
  await page.getByRole('searchbox', { name: /^Boards to build/ }).fill('sim_beacon sim_jetty.*')
  await page.getByRole('switch', { name: 'No local' }).check()
  await expect(page.locator('.build-says')).toHaveText(/^Build 4 boards/)
  await buttonNamed(page, 'Menu').click()
  await page.locator('.menu-item', { hasText: 'Settings' }).click()
  await page.getByRole('switch', { name: 'Note which lines are compiled' }).check()
  await page.keyboard.press('Escape')
  await buttonNamed(page, 'Build').click()
  expect(await runEnds(page, 4)).toMatchObject({ failed: 1 })
  const cells = await readGrid(page)
  expect(cells.map(({ board }) => board).sort()).toEqual(boards)

  await test.step('the table of boards has each build with its outcome, is sorted, and opens a log', async () => {
    await page.keyboard.press('Alt+7')
    const rows = page.getByRole('table', { name: 'Builds of the run' }).getByRole('rowheader')
    await expect(rows).toHaveCount(4)
    const outcome = page.getByRole('columnheader', { name: 'Outcome' }).getByRole('button')
    await outcome.click()
    await expect(page.locator('.outcome-of .outcome')).toHaveText(
      cells.map(({ state }) => state).sort(),
    )
    await rows
      .filter({ hasText: /^sim_beacon_v2$/ })
      .getByRole('button')
      .click()
    await expect(page.locator('.log-line-error').first()).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Alt+1')
  })

  await test.step('the filter dims what does not match, Enter leaves it out', async () => {
    await gridOf(page).press('/')
    await page.keyboard.type('sim & jetty')
    await page.keyboard.press('Enter')
    expect((await readGrid(page)).map(({ board }) => board).sort()).toEqual(boards.slice(2))
    await gridOf(page).press('Escape')
    await expect.poll(async () => (await readGrid(page)).length).toBe(4)
  })

  await test.step('the timeline leads from one failure to its log', async () => {
    await page.keyboard.press('Alt+2')
    const timeline = page.getByRole('grid', { name: 'Builds by machine, slot and time' })
    await timeline.press('n')
    const focused = page.locator('[role=gridcell][aria-selected=true]')
    await expect(focused).toHaveText(/^sim_beacon_v2, .*failed/)
    await timeline.press('Enter')
    await expect(page.locator('.log-line-error').first()).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('the summary is copied for a mail and saved as one file', async () => {
    await page.keyboard.press('Alt+3')
    await expect(page.getByRole('heading', { name: /^4 boards/ })).toBeVisible()
    await buttonNamed(page, 'Copy as text').click()
    await expect
      .poll(() => app.electron.evaluate(({ clipboard }) => clipboard.readText()))
      .toContain('sim_beacon_v2')
    await buttonNamed(page, 'Save a report …').click()
    const saved = await save(app, 'Web page', join(profile, 'report.html'))
    expect(saved).toMatch(/<i class="m\d f" title="sim_beacon_v2: failed on demo-/)
    expect(saved).not.toMatch(/<script|\s(?:src|href)="/)
    const junit = await save(app, 'JUnit XML', join(profile, 'report.xml'))
    expect(junit.match(/<testcase /g)).toHaveLength(4)
    const sarif = JSON.parse(await save(app, 'SARIF', join(profile, 'report.sarif')))
    expect(sarif.runs[0].results[0].properties.boards).toContain('sim_beacon_v2')
    const picture = await save(app, 'Picture of the grid', join(profile, 'grid.png'))
    expect(picture.slice(1, 4)).toBe('PNG')
    const refused = join(profile, 'no such folder', 'report.txt')
    await choose(app, 'Text', refused)
    await expect(page.getByText(`${refused} could not be written`)).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('it says which boards compile a line, though machines built them', async () => {
    await page.keyboard.press('Alt+1')
    await buttonNamed(page, 'Menu').click()
    await page.locator('.menu-item', { hasText: 'Commands' }).click()
    await page.keyboard.type('compile a line')
    await page.keyboard.press('Enter')
    const field = page.getByRole('textbox', { name: /^A source and the number/ })
    await expect(field).toBeFocused()
    await field.fill('lib/crc32.c:18')
    await page.keyboard.press('Enter')
    const answer = page.locator('section', { hasText: 'Who compiles a line' })
    await expect(answer).toContainText('Compiled by 3 of 3 boards')
    await expect(answer).toContainText('1 board noted no lines there')
  })

  await test.step('the history finds a run, compares it, and opens it as it was', async () => {
    await buttonNamed(page, 'Build the failed again').click()
    await page.keyboard.press('Alt+1')
    expect(await runEnds(page, 4, 1)).toMatchObject({ failed: 1 })
    await page.keyboard.press('Alt+4')
    const search = page.getByRole('searchbox', { name: /^Search the history/ })
    await search.fill('nothing is called so')
    await expect(page.getByText('No run matches')).toBeVisible()
    await search.fill('')
    const ticks = page.getByRole('checkbox', { name: /^Compare / })
    await expect(ticks).toHaveCount(2)
    await sortAndCopy(app)
    await ticks.nth(0).check()
    await ticks.nth(1).check()
    await buttonNamed(page, 'Compare').click()
    await expect(page.getByText('fails in both')).toBeVisible()
    await buttonNamed(page, 'Back to the history').click()
    await page.locator('.table-title').nth(1).click()
    await runEnds(page, 4)
    expect(await readGrid(page)).toEqual(cells)
  })

  await test.step('it is saved as a file, which opens as the run was, to be looked at alone', async () => {
    const file = join(profile, 'run.slipway')
    await menuItem(page, 'Save the run as a file')
    await stubDialogs(app, file)
    await buttonNamed(page, 'Save …').click()
    await expect(page.getByText(`Saved as ${file}`)).toBeVisible()
    await page.keyboard.press('Escape')
    await menuItem(page, 'Open a run from a file')
    await expect(page.locator('.run-line')).toContainText('from a file')
    expect(await readGrid(page)).toEqual(cells)
    await gridOf(page).press('n')
    await page.keyboard.press('Enter')
    await expect(page.locator('.log-line-error').first()).toBeVisible()
    await expect(page.getByRole('button', { name: 'Build again' })).toHaveCount(0)
    await buttonNamed(page, 'Back to the newest run').click()
    await expect(page.locator('.run-line')).not.toContainText('from a file')
  })

  await test.step('a second start of the app with the file, and one that is dropped, open it here; what is no run is said', async () => {
    const opens = (name: string) =>
      app.electron.evaluate(
        ({ app: electron }, file) => electron.emit('second-instance', {}, [], '', { file }),
        join(profile, name),
      )
    await opens('run.slipway')
    await expect(page.locator('.run-line')).toContainText('from a file')
    await buttonNamed(page, 'Back to the newest run').click()
    await dropFile(page, join(profile, 'run.slipway'))
    await expect(page.locator('.run-line')).toContainText('from a file')
    await opens('report.html')
    await expect(page.getByRole('alert')).toContainText('it is no run that Slipway saved')
    await expect(page.locator('.run-line')).toContainText('from a file')
    await buttonNamed(page, 'Back to the newest run').click()
  })

  await test.step('the palette finds commands and boards', async () => {
    await buttonNamed(page, 'Menu').click()
    await page.locator('.menu-item', { hasText: 'Commands' }).click()
    await page.keyboard.type('settings')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
    await page.keyboard.press('Escape')
  })
})

test('a series shows where boards break, and who broke them', async ({ app: { page } }) => {
  await startDemo(page)
  await page.getByRole('searchbox', { name: /^Boards to build/ }).fill('sim_jetty.* sandbox_spl')
  await page.getByRole('group', { name: 'Commits' }).getByText('Branch').click()
  await page.getByRole('combobox', { name: 'Branch' }).selectOption('work')
  await expect(page.locator('.build-says')).toHaveText(/^Build 3 boards at 9 commits/)
  await buttonNamed(page, 'Build').click()
  await runEnds(page, 3)

  const chip = page.getByRole('button', { name: /^regression \d/ })
  await chip.click()
  await gridOf(page).press('Home')
  await page.keyboard.press('n')
  await expect.poll(() => focusedCell(page)).toMatch(/failed/)
  await page.keyboard.press('Alt+3')
  const culprit = page.locator('section', { hasText: 'spl: Say why the board was reset' }).last()
  await expect(culprit).toContainText(/Broken: \d board/)

  await test.step('from a red cell to the commit, its hunk and the boards that it broke', async () => {
    await page.keyboard.press('Alt+1')
    await gridOf(page).press('Shift+F10')
    await page.locator('.menu-item', { hasText: 'Find the commit' }).click()
    const dialog = page.getByRole('dialog', { name: /^Find the commit: / })
    await dialog.getByRole('radio', { name: /where origin\/main was left/ }).check()
    await dialog.getByRole('button', { name: 'Find the commit' }).click()
    const verdict = page.getByRole('region', { name: 'Verdict' })
    await expect(page.locator('.commit-line')).toBeVisible()
    await expect(verdict).toContainText('spl: Say why the board was reset', { timeout: 600_000 })
    await expect(verdict).toContainText('came out alike on two machines each')
    await expect(verdict.locator('.hunk')).toContainText('common/spl.c')
    await expect(verdict.locator('.board-links')).toContainText('sim_jetty')
    await verdict.locator('.board-links button').first().click()
    await expect(page.getByRole('textbox', { name: 'Log' })).toContainText('error')
  })
})

test('terminals open in the tree and where a board was built, and ask before they close', async ({
  app: { page },
}) => {
  await startDemo(page)
  await page.getByRole('searchbox', { name: /^Boards to build/ }).fill('sim_beacon_v2')
  await page.getByRole('switch', { name: 'No local' }).check()
  await buttonNamed(page, 'Build').click()
  await runEnds(page, 1)

  await page.keyboard.press('Alt+5')
  await buttonNamed(page, 'New terminal').click()
  await page.locator('.menu-item', { hasText: 'In the tree' }).click()
  await types(page, 'git branch --show-current', /--show-currentwork/)
  await page.getByRole('tab', { name: 'Grid' }).click()
  await gridOf(page).press('n')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Log' })).toBeFocused()
  await page.keyboard.press('t')
  await expect(page.getByRole('tab', { name: /^sim_beacon_v2 on demo-/ })).toBeVisible()
  await types(page, 'pwd && ls .config', /\/build-\d\d\.config/)

  const tabs = page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab')
  await expect(tabs).toHaveCount(2)
  await page.getByRole('button', { name: /^Close sim_beacon_v2/ }).click()
  await buttonNamed(page, 'Keep it').click()
  await expect(tabs).toHaveCount(2)
  await page.getByRole('button', { name: /^Close sim_beacon_v2/ }).click()
  await buttonNamed(page, 'Close it').click()
  await expect(tabs).toHaveCount(1)
  await types(page, 'exit 3', undefined)
  await expect(tabs).toHaveText(/ended with 3/)
})

/** Types a line into the terminal in front, and waits for what it shows: its lines, one after the other. */
async function types(page: Page, line: string, shown: RegExp | undefined): Promise<void> {
  const screen = page.locator('.terminal-front .xterm-rows')
  // A prompt: whoever listens there is ready.
  await expect(screen).toHaveText(/[$#>%]/)
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
  if (shown) await expect(screen).toHaveText(shown)
}

async function menuItem(page: Page, title: string): Promise<void> {
  await buttonNamed(page, 'Menu').click()
  await page.locator('.menu-item', { hasText: title }).click()
}

/** As the system drops it on the middle of the page. */
async function dropFile(page: Page, file: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [file], dragOperationsMask: 1 | 2 | 16 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data })
  await session.detach()
}

/** Both dialogs of the system answer with this file. */
async function stubDialogs({ electron }: LaunchedApp, file: string): Promise<void> {
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] })
  }, file)
}

/** Saves a report by the dialog, where a person would have said it should be; gives what the file holds. */
async function save(app: LaunchedApp, entry: string, path: string): Promise<string> {
  await choose(app, entry, path)
  await expect(app.page.getByText(`Saved as ${path}`)).toBeVisible()
  return readFile(path, 'latin1')
}

async function choose({ electron, page }: LaunchedApp, entry: string, path: string) {
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  await page.getByRole('dialog').locator('.menu-item', { hasText: entry }).click()
}

/** Sorts the history, leaves a column out, and copies it: both are kept when it is looked at again. */
async function sortAndCopy(app: LaunchedApp): Promise<void> {
  const { page } = app
  const when = page.getByRole('columnheader', { name: 'When' })
  const times = page.locator('.history-table td.when')
  const newestFirst = await times.allTextContents()
  await when.getByRole('button').click()
  await expect(when).toHaveAttribute('aria-sort', 'ascending')
  await when.getByRole('button').press('Enter')
  await expect(when).toHaveAttribute('aria-sort', 'descending')
  await buttonNamed(page, 'Columns and copy: Runs').click()
  await page.getByRole('menuitemcheckbox', { name: 'Took' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Boards' }).click()
  await page.getByRole('menuitem', { name: 'Copy as CSV' }).click()
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Alt+4')
  await expect(when).toHaveAttribute('aria-sort', 'descending')
  await expect(page.getByRole('columnheader', { name: 'Took' })).toHaveCount(0)
  await expect(times).toHaveText(newestFirst)
  const csv = () => app.electron.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(csv).toMatch(/^When,What,Boards,failed,/)
  const lines = (await csv()).trimEnd().split('\r\n')
  expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(newestFirst)
}
