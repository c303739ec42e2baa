import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { legendColours } from './grid.ts'
import { test as base, launchApp, quitApp, useApp } from './launch-app.ts'

/** Machines that nobody answers for: a colour needs no answer. */
const test = base.extend({
  app: async ({ profile }, use, testInfo) => {
    const names = ['a', 'b', 'c'].map((name) => `${name} = 127.0.0.1:9\n`)
    await writeFile(join(profile, 'buildman'), `[machines]\n${names.join('')}`)
    await useApp(profile, {}, use, testInfo)
  },
})

test('a machine keeps its colour when others are removed or moved, and a chosen one, too', async ({
  app,
  profile,
}) => {
  const { page } = app
  const first = await colours(page, ['this computer', 'a', 'b', 'c'])
  expect(new Set(first.values()).size).toBe(4)

  await test.step('one is chosen by hand', async () => {
    await page.getByRole('button', { name: 'Menu', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Settings …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Settings' })
    await dialog.getByRole('radio', { name: 'Look' }).click()
    await dialog.getByLabel('c', { exact: true }).fill('#12ab34')
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect.poll(() => colourOf(page, 'c')).toBe('rgb(18, 171, 52)')
  })

  await test.step('the order changes, and one goes', async () => {
    await choose(page, 'c', 'Move up')
    await choose(page, 'a', 'Remove …')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    const after = await colours(page, ['this computer', 'c', 'b'])
    expect(after.get('b')).toBe(first.get('b'))
    expect(after.get('c')).toBe('rgb(18, 171, 52)')
  })

  await test.step('the next window shows the same, and a machine that comes back has its own', async () => {
    await quitApp(app)
    const file = join(profile, 'buildman')
    const settings = await readFile(file, 'utf8')
    await writeFile(file, settings.replace('[machines]\n', '[machines]\nz = z\na = a\n'))
    const again = await launchApp(profile)
    const shown = await colours(again.page, ['this computer', 'z', 'a', 'c', 'b'])
    for (const name of ['this computer', 'a', 'b']) expect(shown.get(name)).toBe(first.get(name))
    expect(shown.get('c')).toBe('rgb(18, 171, 52)')
    expect([...first.values()]).not.toContain(shown.get('z'))
    await quitApp(again)
  })
})

async function colours(page: Page, names: readonly string[]): Promise<Map<string, string>> {
  await expect.poll(async () => [...(await legendColours(page)).keys()]).toEqual(names)
  return legendColours(page)
}

async function colourOf(page: Page, name: string): Promise<string | undefined> {
  return (await legendColours(page)).get(name)
}

async function choose(page: Page, machine: string, entry: string): Promise<void> {
  await page.getByRole('button', { name: `More about ${machine}`, exact: true }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}
