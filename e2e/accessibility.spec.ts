import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { test } from './launch-app.ts'

/** What axe finds and calls serious or critical, as `rule: where`. */
async function seriousFindings(page: Page): Promise<string[]> {
  // Legacy mode keeps to this page; Electron opens no further one.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

test('axe finds nothing serious in the welcome and in a plan, light and dark', async ({ app }) => {
  const { page } = app
  await page.getByRole('button', { name: /demo/i }).first().waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await seriousFindings(page)).toEqual([])
  }
  await page.getByRole('button', { name: /demo/i }).first().click()
  await expect(page.getByRole('button', { name: 'Build', exact: true })).toBeEnabled()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await seriousFindings(page)).toEqual([])
  }
})

test('axe finds nothing serious in the help, light and dark', async ({ app: { page } }) => {
  await page.getByRole('button', { name: /demo/i }).first().waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await seriousFindings(page)).toEqual([])
  }
})
