import type { Interface } from 'node:readline'
import { chromium, type Page } from '@playwright/test'

/** Chromium picks a free port and prints it. */
export const devToolsLine = /^DevTools listening on (ws:\S+)/

/** Its fuses shut Playwright's usual way in, the inspector of the main process. */
export async function withPage(
  devTools: string,
  work: (page: Page) => Promise<unknown>,
): Promise<void> {
  const browser = await chromium.connectOverCDP(devTools)
  const page = browser.contexts()[0]?.pages()[0]
  if (page === undefined) throw new Error('the packaged app shows no page')
  page.setDefaultTimeout(120_000)
  await work(page)
  await browser.close()
}

/** The first group of the first line from now on that matches. */
export function heard(lines: Interface, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    lines.on('line', (line) => {
      said.push(line)
      const found = pattern.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    lines.once('close', () => {
      reject(new Error(`the app ended without saying ${pattern}:\n${said.join('\n')}`))
    })
  })
}
