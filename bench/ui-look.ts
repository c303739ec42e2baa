// npm run bench ui-look [FOLDER]: pictures of the window's main states, from made-up runs, for the eye.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Board } from '../src-preload/model.ts'
import { startHarness } from './ui/harness.ts'
import type { PageBoss, PlayOptions } from './ui/page-boss.ts'
import { syntheticRun } from './ui/synthetic-run.ts'

declare global {
  interface Window {
    readonly pageBoss: PageBoss
  }
}

type Look = {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly theme: 'light' | 'dark'
  readonly tree: boolean
  readonly machines: number
  readonly boards: number
  readonly play?: PlayOptions
  readonly then?: (page: Page) => Promise<void>
}

const wide = { width: 1600, height: 900, tree: true }
const halfway = (boards: number, commits = 1, machines = 8): PlayOptions => ({
  boards,
  commits,
  machines,
  perSecond: 5000,
  results: Math.round(boards * commits * 0.6),
  finish: false,
})

const looks: readonly Look[] = [
  { ...wide, name: 'welcome', theme: 'light', tree: false, machines: 1, boards: 0 },
  { ...wide, name: 'ready', theme: 'light', machines: 5, boards: 1228 },
  { ...wide, name: 'few', theme: 'light', machines: 3, boards: 3, play: halfway(3, 1, 3) },
  { ...wide, name: 'some', theme: 'dark', machines: 5, boards: 120, play: halfway(120, 1, 5) },
  { ...wide, name: 'many-light', theme: 'light', machines: 8, boards: 1500, play: halfway(1500) },
  {
    ...wide,
    name: 'many-dark',
    theme: 'dark',
    machines: 20,
    boards: 1500,
    play: halfway(1500, 1, 20),
  },
  {
    ...wide,
    name: 'matrix-light',
    theme: 'light',
    machines: 8,
    boards: 1500,
    play: halfway(1500, 30),
  },
  { ...wide, name: 'matrix-dark', theme: 'dark', machines: 8, boards: 400, play: halfway(400, 12) },
  {
    name: 'small',
    width: 1024,
    height: 700,
    theme: 'dark',
    tree: true,
    machines: 8,
    boards: 1500,
    play: halfway(1500),
  },
  {
    name: 'large',
    width: 3840,
    height: 2160,
    theme: 'light',
    tree: true,
    machines: 12,
    boards: 1500,
    play: halfway(1500, 1, 12),
  },
]

const [folder = '/tmp/slipway-looks', only] = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const harness = await startHarness()
try {
  for (const look of looks.filter(({ name }) => !only || name.includes(only))) await take(look)
} finally {
  await harness.close()
}

async function take(look: Look): Promise<void> {
  const boards: readonly Board[] = syntheticRun({
    boards: Math.max(look.boards, 3),
    commits: 1,
    machines: 1,
    runId: '',
  }).boards
  const page = await harness.open({
    width: look.width,
    height: look.height,
    boss: {
      theme: look.theme,
      trees: look.tree ? ['/home/ada/u-boot'] : [],
      machines: look.machines,
      boards,
    },
  })
  page.on('pageerror', (error) => console.error(`${look.name}: ${error.stack}`))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${look.name}: ${message.text()}`)
  })
  await page.waitForSelector('.frame')
  if (look.play) await page.evaluate((play) => window.pageBoss.play(play), look.play)
  await page.waitForTimeout(2500)
  await look.then?.(page)
  await page.screenshot({ path: join(folder, `${look.name}.png`) })
  console.log(join(folder, `${look.name}.png`))
  await page.close()
}
