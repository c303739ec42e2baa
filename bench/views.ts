// npm run bench views: what surrounds the grid, under load: a log of 20 MB, and the timeline and the
// summary of a run of 45,000 builds. Milliseconds of wall time, so run it alone.
import type { Page } from '@playwright/test'
import { startHarness } from './ui/harness.ts'
import { percentiles } from './ui/trace.ts'

const boss = { theme: 'light', trees: ['/home/ada/u-boot'], machines: 12, boards: 1500 } as const
const big = { boards: 1500, commits: 30, machines: 12, seconds: 14_000, speed: 1, runId: 'huge' }
const rows: [what: string, ms: string, wanted: string, ok: boolean][] = []

const harness = await startHarness()
try {
  const page = await harness.open({ width: 1600, height: 900, boss })
  await page.waitForSelector('.frame')
  await harness.electron.evaluate((_, run) => slipwayBoss.playScheduled(run), big)
  await page.waitForSelector('.grid-pane')
  await openTab(page, 'Timeline', '.timeline-canvas', 1000)
  await zoomTimeline(page)
  await openTab(page, 'Summary', '.commit-section', 1500)
  await openTab(page, 'Grid', '.grid-canvas', 1000)
  await openLog(page)
  print()
} finally {
  await harness.close()
}
process.exitCode = rows.every(([, , , ok]) => ok) ? 0 : 1

/** From the click on a tab until what it shows has been painted. */
async function openTab(page: Page, tab: string, shown: string, limit: number): Promise<void> {
  const took = await page.evaluate(timeClick, { button: `#tab-${tab.toLowerCase()}`, shown })
  add(`${tab} of 45,000 builds opens`, took, limit)
}

/** The time that each frame's own script takes while the timeline is zoomed and moved. */
async function zoomTimeline(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames: number[] = []
    const ask = window.requestAnimationFrame.bind(window)
    window.requestAnimationFrame = (call) =>
      ask((at) => {
        const begun = performance.now()
        call(at)
        frames.push(performance.now() - begun)
      })
    Object.assign(window, { benchFrames: frames })
  })
  await page.locator('.timeline-pane').focus()
  for (const key of [...'wwwwwwwwdddddaaaaassssssss']) {
    await page.keyboard.press(key)
    await page.waitForTimeout(50)
  }
  const frames = await page.evaluate(
    () => (window as unknown as { benchFrames: number[] }).benchFrames,
  )
  const { p50, p95 } = percentiles(frames)
  add('a frame of the timeline, p50', p50, 8)
  add('the same, p95', p95, 33)
}

/** From Enter to the log at its first error, then a search through all of it. */
async function openLog(page: Page): Promise<void> {
  await page.locator('.grid-pane').press('n')
  const begun = performance.now()
  await page.keyboard.press('Enter')
  await page.waitForSelector('.log-line-error')
  add('a log of 20 MB at its first error', performance.now() - begun, 1500)
  await page.waitForSelector('.cm-focused')
  await page.keyboard.press('/')
  await page.waitForSelector('.log-search-bar input:focus')
  const typed = performance.now()
  await page.keyboard.type('spl_boot_mode')
  await page.getByText('over 999 matches').waitFor()
  add('a search in it, counted', performance.now() - typed, 1500)
}

/** In the page: milliseconds from a click until a selector is there and a frame has been drawn. */
function timeClick({ button, shown }: { button: string; shown: string }): Promise<number> {
  return new Promise((resolve) => {
    const begun = performance.now()
    document.querySelector<HTMLElement>(button)?.click()
    const look = () =>
      requestAnimationFrame(() => {
        if (document.querySelector(shown)) setTimeout(() => resolve(performance.now() - begun))
        else look()
      })
    look()
  })
}

function add(what: string, ms: number, limit: number): void {
  rows.push([what, ms.toFixed(1), `<= ${limit}`, ms <= limit])
}

function print(): void {
  for (const [what, ms, wanted, ok] of rows) {
    console.log(`${what.padEnd(44)}${ms.padStart(9)} ms  ${wanted.padEnd(10)}${ok ? '' : 'MISSED'}`)
  }
}
