import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { processId } from '../src-system/process-id.ts'
import { processesOfTree } from './lab/processes.ts'
import { type LaunchedApp, launchApp, launchElectron, quitApp, test } from './launch-app.ts'

test('the window opens on the app', async ({ app }) => {
  await expect(app.page).toHaveTitle('Slipway')
  await expect(app.page.getByRole('heading', { name: 'Slipway' })).toBeVisible()
  expect(app.page.url()).toBe('app://slipway/index.html')
})

test('the theme switches, and stays for the next start', async ({ app, profile }) => {
  await chooseTheme(app.page, 'Light')
  await expect.poll(() => ground(app.page)).toBe('rgb(247, 247, 245)')
  await chooseTheme(app.page, 'Dark')
  await expect.poll(() => ground(app.page)).toBe('rgb(22, 24, 27)')
  await app.electron.close()

  const file = await readFile(join(profile, 'settings.json'), 'utf8')
  expect(JSON.parse(file)).toMatchObject({ theme: 'dark' })
  const again = await launchApp(profile)
  await expect.poll(() => ground(again.page)).toBe('rgb(22, 24, 27)')
  await again.electron.close()
})

test('what is changed just before the app is quit is kept', async ({ app, profile }) => {
  await chooseTheme(app.page, 'Dark')
  await app.electron.close()
  const file = await readFile(join(profile, 'settings.json'), 'utf8')
  expect(JSON.parse(file)).toMatchObject({ theme: 'dark' })
})

test('a panel is as wide as a person made it, by pointer or keys, also at the next start', async ({
  app,
  profile,
}) => {
  const width = ({ page }: LaunchedApp) =>
    page.locator('.launch-panel').evaluate((panel) => panel.getBoundingClientRect().width)
  const edge = app.page.getByRole('separator', { name: 'Width of what to build' })
  const before = await width(app)
  const { x = 0, y = 0 } = (await edge.boundingBox()) ?? {}
  await app.page.mouse.move(x + 3, y + 300)
  await app.page.mouse.down()
  await app.page.mouse.move(x + 63, y + 300)
  await app.page.mouse.up()
  await expect.poll(() => width(app)).toBe(before + 60)
  await edge.press('ArrowLeft')
  await expect.poll(() => width(app)).toBe(before + 36)
  const kept = () => readFile(join(profile, 'settings.json'), 'utf8')
  await expect.poll(kept).toContain(`"launch": ${before + 36}`)
  await quitApp(app)
  const again = await launchApp(profile)
  await expect.poll(() => width(again)).toBe(before + 36)
  await again.page.getByRole('separator', { name: 'Width of what to build' }).dblclick()
  await expect.poll(() => width(again)).toBe(before)
  await quitApp(again)
})

test('a settings file with wrong types is named in the window', async ({ profile }) => {
  await writeFile(join(profile, 'settings.json'), JSON.stringify({ theme: 'pink' }))
  const { electron, page } = await launchApp(profile)
  await expect(page.getByText('"theme"')).toBeVisible()
  await electron.close()
})

test('firmware is named on its page of the settings, and stands in ~/.buildman', async ({
  app: { page },
  profile,
}) => {
  const file = join(profile, 'buildman')
  const before = '# mine\n[toolchain]\nother = /\n'
  await writeFile(file, before)
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Settings …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.getByRole('radio', { name: 'Firmware' }).click()
  await dialog.getByRole('button', { name: 'Add a file' }).click()
  await dialog.getByPlaceholder('bl31.bin', { exact: true }).fill('bl31.bin')
  await dialog.getByPlaceholder('~/tf-a/bl31.bin').fill('/nowhere/bl31.bin')
  await dialog.getByLabel('Board or SoC of bl31.bin').fill('pine64_plus')
  await dialog.getByLabel('Board or SoC of bl31.bin').press('Enter')
  await expect(dialog.getByText('/nowhere/bl31.bin is not there.')).toBeVisible()
  await expect
    .poll(() => readFile(file, 'utf8'))
    .toBe(`${before}\n[blobs:pine64_plus]\nbl31.bin = /nowhere/bl31.bin\n`)
  await dialog.getByRole('button', { name: 'Take out bl31.bin' }).click()
  await expect.poll(() => readFile(file, 'utf8')).toBe(before)
})

test('the menu opens About, which tells the versions', async ({ app }) => {
  await expect(app.page.getByRole('button', { name: 'Menu' })).toBeVisible()
  const running = await app.electron.evaluate(({ Menu }) => {
    const entries = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? [])
    entries?.find((item) => item.label.startsWith('About'))?.click()
    return process.versions.electron
  })
  await expect(app.page.getByRole('dialog')).toContainText(`Electron${running}`)
})

test('a report of a problem has what the app said, and is saved where the person says', async ({
  app,
  profile,
}) => {
  const file = join(profile, 'problem.txt')
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, file)
  await app.page.getByRole('button', { name: 'Menu' }).click()
  await app.page.getByText('Report a problem …').click()
  const dialog = app.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Save the report …' }).click()
  await expect(dialog.getByRole('status')).toHaveText(`Saved as ${file}`)
  const text = await readFile(file, 'utf8')
  expect(text).toMatch(/^Slipway \d/m)
  expect(text).toMatch(/== Log of the app\n\n.*Slipway \S+ starts\./)
  await dialog.getByRole('button', { name: 'Close' }).click()
})

test('a second start shows the window of the first and leaves', async ({ app, profile }) => {
  await expect(launchApp(profile)).rejects.toThrow()
  await expect(app.page.getByRole('heading', { name: 'Slipway' })).toBeVisible()
})

test('an app that quits while its window loads has started all the same', async ({ profile }) => {
  const electron = await launchElectron(profile)
  const child = electron.process()
  const said: string[] = []
  child.stderr?.on('data', (text) => said.push(String(text)))
  await electron.evaluate(({ app, BrowserWindow }) => {
    // Not within the event: the window begins to load after it.
    const leave = () => void setImmediate(() => app.quit())
    if (BrowserWindow.getAllWindows().length > 0) leave()
    else app.once('browser-window-created', leave)
  })
  const [status] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  expect(status, said.join('')).toBe(0)
  expect(said.join('')).not.toContain('could not start')
})

test('a page that is loaded again while it loads opens all the same', async ({ profile }) => {
  const electron = await launchElectron(profile)
  const page = await electron.firstWindow()
  await electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.reload()
  })
  await expect(page.getByRole('heading', { name: 'Slipway' })).toBeVisible()
  await electron.close()
})

test('an app whose processes are all told to end does so, though its page is gone first', async ({
  profile,
}) => {
  const { electron } = await launchApp(profile)
  const child = electron.process()
  const ended = once(child, 'exit')
  const all = await processesOfTree(child.pid ?? 0, 'none')
  for (const { pid } of all.reverse()) process.kill(processId(pid), 'SIGTERM')
  await ended
})

test('the window opens where it was left', async ({ app, profile }) => {
  const bounds = { x: 60, y: 40, width: 900, height: 600 }
  await app.electron.evaluate(({ BrowserWindow }, place) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(place)
  }, bounds)
  await app.electron.close()

  const again = await launchApp(profile)
  const opened = await again.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  )
  expect(opened).toEqual(bounds)
  await again.electron.close()
})

async function chooseTheme(page: Page, theme: 'Light' | 'Dark'): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('group', { name: 'Theme' }).getByText(theme).click()
  await page.keyboard.press('Escape')
}

function ground(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
}
