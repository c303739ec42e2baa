import { expect } from '@playwright/test'
import { test } from './launch-app.ts'

test('the help opens by its key, also with the focus on a radio button, and Alt with a digit shows a tab', async ({
  app: { page },
}) => {
  const help = page.getByRole('dialog', { name: 'Keyboard' })
  await page.getByRole('button', { name: 'Menu', exact: true }).focus()
  await page.keyboard.press('?')
  await expect(help.getByText('next failed build', { exact: true })).toBeVisible()
  const last = help.getByRole('definition').last()
  await expect(last).not.toBeInViewport()
  await page.keyboard.press('End')
  await expect(last).toBeInViewport()
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()

  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await page.getByRole('radio', { name: 'System' }).focus()
  await page.keyboard.press('?')
  await expect(help).toBeVisible()
  await page.keyboard.press('Escape')

  await page.keyboard.press('Alt+4')
  await expect(page.getByRole('tab', { name: 'History' })).toHaveAttribute('aria-selected', 'true')
})
