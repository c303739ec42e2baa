import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { buttonNamed, startDemo } from './demo.ts'
import { gridOf, runEnds } from './grid.ts'
import { test } from './launch-app.ts'

/** The pictures of the README and docs, from real runs on the demo machines: `npm run pictures`. */

const docs = join(import.meta.dirname, '..', 'docs')
const all = ['light', 'dark'] as const

async function picture(page: Page, name: string, schemes: readonly ('light' | 'dark')[] = all) {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(docs, `${name}-${colorScheme}.png`) })
  }
}

test('pictures', async ({ app: { page } }) => {
  test.setTimeout(600_000)
  await buttonNamed(page, 'Try the sample on demo machines').waitFor()
  await picture(page, 'welcome', ['light'])
  await startDemo(page)
  await expect(page.locator('.plan-preview h2')).toBeVisible()
  await picture(page, 'plan', ['light'])

  await buttonNamed(page, 'Build').click()
  // Half of it done, so that there is something to see in every state.
  await expect(page.locator('header').first()).toContainText(/[234]\d\s*\/\s*50/, {
    timeout: 300_000,
  })
  await picture(page, 'window')
  await runEnds(page, 50)
  await gridOf(page).press('Home')
  await page.keyboard.press('n')
  await page.keyboard.press('Enter')
  await expect(page.locator('.log-line-error').first()).toBeVisible()
  await picture(page, 'log', ['light'])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+2')
  await picture(page, 'timeline', ['dark'])

  await page.getByRole('group', { name: 'Commits' }).getByText('Branch').click()
  await expect(page.locator('.build-says')).toHaveText(/at 9 commits/)
  await buttonNamed(page, 'Build').click()
  await page.keyboard.press('Alt+1')
  await expect(page.locator('.run-line')).toHaveText(/9 commits .*finished$/, { timeout: 400_000 })
  await gridOf(page).press('Home')
  await picture(page, 'matrix')
  await page.keyboard.press('Alt+3')
  await expect(page.getByText('Reading the logs')).toBeHidden()
  await picture(page, 'summary', ['light'])
  await page.keyboard.press('Alt+4')
  await expect(page.getByRole('checkbox', { name: /^Compare / })).toHaveCount(2)
  await picture(page, 'history', ['light'])
})
