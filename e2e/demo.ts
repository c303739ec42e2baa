import { expect, type Locator, type Page } from '@playwright/test'

export const demoMachines = ['demo-kauri', 'demo-rimu', 'demo-totara']

/** Takes the welcome's offer; the boards are listed and the machines have answered when this resolves. */
export async function startDemo(page: Page): Promise<void> {
  await buttonNamed(page, 'Try the sample on demo machines').click()
  await expect(page.locator('.build-says')).toHaveText(
    /^Build \d+ boards on demo-kauri, demo-rimu, demo-totara and this computer/,
    { timeout: 300_000 },
  )
}

export function buttonNamed(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}
