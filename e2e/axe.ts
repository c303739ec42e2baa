import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

type Look = NonNullable<Parameters<Page['emulateMedia']>[0]>

/** Every look that a person's system may ask for; the page is left in the last. */
const looks: Readonly<Record<string, Look>> = {
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced, dark': { colorScheme: 'dark', forcedColors: 'active' },
  'forced, light': { colorScheme: 'light', forcedColors: 'active' },
  light: { colorScheme: 'light', forcedColors: 'none' },
}

/**
 * What axe finds in all of the page or in a part of it, as `look: rule: where`. All rules are tried in the
 * light look; in the others only what their colours can change.
 */
export async function axeFindings(page: Page, part?: string): Promise<string[]> {
  const findings: string[] = []
  for (const [name, look] of Object.entries(looks)) {
    await page.emulateMedia(look)
    // Legacy mode keeps to this page; Electron opens no further one.
    const axe = new AxeBuilder({ page }).setLegacyMode()
    if (part) axe.include(part)
    if (name !== 'light') axe.withRules('color-contrast')
    const { violations } = await axe.analyze()
    for (const { id, nodes } of violations)
      for (const { target } of nodes) findings.push(`${name}: ${id}: ${target.join(' ')}`)
  }
  return findings
}
