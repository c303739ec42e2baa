import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from '@playwright/test'
import { startVirtualDisplay } from '../../scripts/display/virtual-display.mjs'
import { findElectron } from '../../scripts/electron-runtime.mjs'

const rounds = 5
const root = process.cwd()

/** An app that opens one empty window, as small as Electron allows. */
const emptyMain = `
import { app, BrowserWindow } from 'electron'
app.whenReady().then(() => new BrowserWindow().loadURL('data:text/html,<main>empty</main>'))
`

/**
 * The built app against an empty one, each started anew in turn: from starting the process until
 * its window shows what it is for.
 */
export async function measureStarts(): Promise<
  readonly (readonly [string, string, string, string, boolean])[]
> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-start-'))
  const display = await startVirtualDisplay()
  const executable = await findRuntime()
  try {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    await writeFile(join(empty, 'main.mjs'), emptyMain)
    await writeFile(
      join(empty, 'package.json'),
      '{"name":"empty","version":"1.0.0","main":"main.mjs"}',
    )
    const start = (app: string, selector: string, round: number) =>
      startOnce(executable, app, selector, {
        profile: join(folder, `profile-${round}`),
        display: display.name,
      })
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(await start(empty, 'main', 2 * round))
      ours.push(await start(root, '.frame', 2 * round + 1))
    }
    const [own, other] = [median(ours), median(theirs)]
    return [
      [
        'process start to usable window',
        `${Math.round(own)} ms`,
        `${Math.round(other)} ms`,
        '< 2 x empty',
        own < 2 * other,
      ],
    ]
  } finally {
    await display.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The Electron that the app runs with here. */
export async function findRuntime(): Promise<string> {
  const electronPackage = join(root, 'node_modules', 'electron')
  const { dir } = await findElectron({ electronPackage, say: () => {} })
  return join(dir, 'electron')
}

/** Milliseconds from starting the process until the page has the selector; `profile` is its HOME, too. */
export async function startOnce(
  executablePath: string,
  app: string,
  selector: string,
  { profile, display }: { profile: string; display: string },
): Promise<number> {
  const begun = performance.now()
  const electron = await _electron.launch({
    executablePath,
    args: ['--no-sandbox', `--user-data-dir=${profile}`, app],
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: profile, DISPLAY: display },
  })
  const page = await electron.firstWindow()
  await page.waitForSelector(selector)
  const took = performance.now() - begun
  await electron.close()
  return took
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
