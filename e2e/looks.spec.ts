import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test as base, type CDPSession, expect, type Page } from '@playwright/test'
import { type Harness, startHarness } from '../bench/ui/harness.ts'

/**
 * Pictures of the window as people have it, from made-up runs: how it behaves is for the flows, this is for
 * the eye. They stay in `out/looks`.
 */
const folder = join(import.meta.dirname, '..', 'out', 'looks')

/** Of the window, in pixels of the screen; `zoom` makes a CSS pixel that many of them. */
const sizes = [
  { width: 1024, height: 700, zoom: 1 },
  { width: 1440, height: 900, zoom: 1 },
  { width: 2560, height: 1440, zoom: 1 },
  { width: 1440, height: 900, zoom: 1.5 },
  { width: 1440, height: 900, zoom: 2 },
  { width: 1024, height: 700, zoom: 2 },
] as const
type Size = (typeof sizes)[number]

const looks = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced-light': { colorScheme: 'light', forcedColors: 'active' },
  'forced-dark': { colorScheme: 'dark', forcedColors: 'active' },
  still: { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' },
} as const

/** In what looks a size is taken: what they change, they change alike at every size. */
function looksAt({ width, zoom }: Size): readonly (keyof typeof looks)[] {
  if (zoom !== 1 || width > 1440) return ['light', 'dark']
  const all = ['light', 'dark', 'forced-light', 'forced-dark'] as const
  return width === 1440 ? [...all, 'still'] : all
}

const test = base.extend<object, { harness: Harness }>({
  harness: [
    // biome-ignore lint: playwright reads the names of the fixtures it needs from the pattern
    async ({}, use) => {
      await mkdir(folder, { recursive: true })
      const harness = await startHarness()
      await use(harness)
      await harness.close()
    },
    { scope: 'worker' },
  ],
})

type Scene = {
  readonly name: string
  readonly machines: number
  readonly run?: Parameters<typeof slipwayBoss.playScheduled>[0]
  readonly act?: (page: Page) => Promise<void>
}

const live = { boards: 1500, commits: 1, machines: 10, seconds: 260, speed: 1 }
const scenes: readonly Scene[] = [
  { name: 'plan', machines: 15 },
  { name: 'grid', machines: 15, run: live },
  {
    name: 'log',
    machines: 50,
    run: { ...live, machines: 40, seconds: 100 },
    act: async (page) => {
      await page.locator('.grid-pane').press('n')
      await page.keyboard.press('Enter')
      await page.locator('.log-line-error').first().waitFor()
    },
  },
  {
    name: 'matrix',
    machines: 10,
    run: { boards: 120, commits: 12, machines: 7, seconds: 900, speed: 3 },
  },
]

for (const scene of scenes) {
  test(`the ${scene.name} in every size and look: nothing overlaps, and Build is in sight`, async ({
    harness,
  }) => {
    const boss = {
      theme: 'system',
      trees: ['/home/ada/u-boot'],
      boards: 1500,
      machines: scene.machines,
      silent: 5,
    } as const
    const page = await harness.open({ width: 1024, height: 700, boss })
    if (scene.run)
      await harness.electron.evaluate((_, run) => slipwayBoss.playScheduled(run), scene.run)
    for (const size of sizes) {
      const session = await resize(page, size)
      await isReady(page, scene)
      await scene.act?.(page)
      for (const look of looksAt(size)) {
        await page.emulateMedia({ reducedMotion: 'no-preference', ...looks[look] })
        const { width, height, zoom } = size
        const name = `${scene.name}-${width}x${height}-${zoom * 100}-${look}.png`
        expect.soft(await page.evaluate(whatIsWrong), name).toEqual([])
        // Playwright's own packs the picture so well that it takes four times as long.
        const { data } = await session.send('Page.captureScreenshot', { optimizeForSpeed: true })
        await writeFile(join(folder, name), data, 'base64')
      }
    }
    await page.close()
  })
}

/** As a person who opens the window at this size. */
async function resize(page: Page, { width, height, zoom }: Size): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: Math.floor(width / zoom),
    height: Math.floor(height / zoom),
    deviceScaleFactor: zoom,
    mobile: false,
  })
  await page.reload()
  return session
}

/** Everything is there that comes by itself. */
async function isReady(page: Page, { run }: Scene): Promise<void> {
  await page.locator(run ? '.grid-canvas' : '.plan-preview h2').waitFor()
  if (!(await page.locator('.launch-panel').isVisible())) return
  await page.locator('.run-now, .plan-notes').first().waitFor()
}

/** In the page: what lies over something else, sticks out, or can't be seen though it must be. */
async function whatIsWrong(): Promise<string[]> {
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))
  const wrong: string[] = []
  const isScrolled = (element: Element | null) =>
    element !== null && /auto|scroll/.test(getComputedStyle(element).overflowY)
  const name = (element: Element) => element.className || element.textContent || element.tagName
  for (const rows of ['.top-bar', '.launch-panel', '.machines-panel', '.tab-strip', '.stage']) {
    const parts = [...(document.querySelector(rows)?.children ?? [])]
      .filter((one) => getComputedStyle(one).position === 'static' && one.clientWidth > 0)
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
    for (const [index, { one, box }] of parts.entries()) {
      const cut = box.bottom > innerHeight + 1 && !isScrolled(one.parentElement)
      if (box.right > innerWidth + 1 || cut) wrong.push(`${name(one)} sticks out`)
      const spills = one.scrollHeight > one.clientHeight + 1
      if (spills && getComputedStyle(one).overflowY === 'visible')
        wrong.push(`${name(one)} spills over`)
      for (const other of parts.slice(index + 1)) {
        const beside = box.right <= other.box.left + 1 || other.box.right <= box.left + 1
        const apart = box.bottom <= other.box.top + 1 || other.box.bottom <= box.top + 1
        if (!beside && !apart) wrong.push(`${name(one)} lies over ${name(other.one)}`)
      }
    }
  }
  const build = document.querySelector('.build-button, .run-now')
  // Where there is no room for its panel, that is hidden until it is asked for.
  if (!document.querySelector('.launch-panel') && innerWidth < 640) return wrong
  const box = build?.getBoundingClientRect()
  const seen = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  if (!build || !seen || !(build.contains(seen) || seen.contains(build)))
    wrong.push('Build is not in sight')
  return wrong
}
