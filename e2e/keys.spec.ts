import { expect, type Page } from '@playwright/test'
import { buttonNamed } from './demo.ts'
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
  await page.getByRole('menuitem', { name: 'Settings …' }).click()
  await page.getByRole('radio', { name: 'Machines' }).focus()
  await page.keyboard.press('?')
  await expect(help).toBeVisible()
  await page.keyboard.press('Escape')

  await page.keyboard.press('Alt+4')
  await expect(page.getByRole('tab', { name: 'History' })).toHaveAttribute('aria-selected', 'true')
})

test('a menu is walked by arrows and first letters, and gives the focus back', async ({
  app: { page },
}) => {
  const button = page.getByRole('button', { name: 'Menu', exact: true })
  await button.focus()
  await page.keyboard.press('Enter')
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitemradio', { name: 'System' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(menu.getByRole('menuitemradio', { name: 'Light' })).toBeFocused()
  await page.keyboard.type('stal')
  await expect(menu.getByRole('menuitem', { name: 'Stale workers' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(menu).toBeHidden()
  await expect(button).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.type('set')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
})

test('a tooltip comes by keys as by the pointer, before a dialog, too, and Esc takes it away', async ({
  app: { page },
}) => {
  const tip = page.locator('.tip')
  // A page that is still being put together loses the pointer.
  await expect(async () => {
    await page.mouse.move(0, 0)
    await buttonNamed(page, 'Menu').hover()
    await expect(tip).toHaveText('Menu', { timeout: 3000 })
  }).toPass()
  await page.mouse.move(0, 0)
  await expect(tip).toHaveCount(0)
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  const close = page.getByRole('button', { name: 'Close' })
  await close.evaluate((button) => button.blur())
  await close.focus()
  await expect(tip).toHaveText('Close')
  const [above, below] = [await close.boundingBox(), await tip.boundingBox()]
  expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0))
  expect(await isInFront(page)).toBe(true)
  await page.keyboard.press('Escape')
  await expect(tip).toHaveCount(0)
})

/** Whether the tooltip is what a person sees in its place: the dialog is in front of all else. */
function isInFront(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const tip = document.querySelector('.tip-place')
    return tip?.matches(':popover-open') === true && tip.checkVisibility()
  })
}
