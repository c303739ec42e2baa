import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { test } from './launch-app.ts'

/** The pictures of the README and docs, from a real run on the demo machines: `npm run pictures`. */

const docs = join(import.meta.dirname, '..', 'docs')

async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(docs, `${name}-${colorScheme}.png`) })
  }
}

test('pictures', async ({ app }) => {
  test.setTimeout(300_000)
  const { page } = app
  const demo = page.getByRole('button', { name: /demo/i }).first()
  await demo.waitFor()
  await picture(page, 'welcome')
  await demo.click()
  const build = page.getByRole('button', { name: 'Build', exact: true })
  await expect(build).toBeEnabled({ timeout: 60_000 })
  await picture(page, 'plan')
  await build.click()
  // Half of it done, so that there is something to see in every state.
  await expect(page.locator('header').first()).toContainText(/[234]\d\s*\/\s*50/, {
    timeout: 200_000,
  })
  await picture(page, 'window')
})
