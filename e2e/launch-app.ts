import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  _electron,
  test as base,
  type ElectronApplication,
  type Page,
  type TestInfo,
} from '@playwright/test'

const root = join(import.meta.dirname, '..')
/** Milliseconds for what the page is asked to do; playwright's own 30 s are too few on a busy machine. */
const pageLimit = 120_000

/** Every app that was opened and is not closed yet. */
const openApps = new Set<LaunchedApp>()

export type LaunchedApp = {
  readonly electron: ElectronApplication
  readonly page: Page
  /** What the app and its page printed so far. */
  readonly log: readonly string[]
  isOpen(): boolean
}

/**
 * Opens the built app on a profile folder; the same folder again is the same person coming back.
 * The caller closes `electron`.
 */
export async function launchApp(
  profile: string,
  env: Readonly<Record<string, string>> = {},
): Promise<LaunchedApp> {
  const electron = await launchElectron(profile, env)
  const log: string[] = []
  const child = electron.process()
  child.stdout?.on('data', (text) => log.push(String(text)))
  child.stderr?.on('data', (text) => log.push(String(text)))
  electron.context().setDefaultTimeout(pageLimit)
  const page = await electron.firstWindow({ timeout: pageLimit })
  page.on('console', (message) => log.push(`page: ${message.text()}\n`))
  page.on('pageerror', (error) => log.push(`page: ${error.stack}\n`))
  const app: LaunchedApp = { electron, page, log, isOpen: () => openApps.has(app) }
  openApps.add(app)
  electron.once('close', () => openApps.delete(app))
  return app
}

/** Starts the app, and does not wait for its window. */
export function launchElectron(
  profile: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ElectronApplication> {
  return _electron.launch({
    // Chromium's own sandbox does not work for root, as which containers run.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${profile}`,
      '.',
    ],
    cwd: root,
    // Playwright would have every page light; here the app decides.
    colorScheme: null,
    env: { ...definedEnv(), ...homeOf(profile), ...env },
    timeout: pageLimit,
  })
}

/** Quits as a person does who answers every "Quit all the same?" with yes. */
export async function quitApp({ electron, isOpen }: LaunchedApp): Promise<void> {
  // A test that opens the app a second time has closed this one already.
  if (!isOpen()) return
  await electron.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false })
  })
  await electron.close()
}

/** The person's own settings, history and caches stay out of it. */
export function homeOf(profile: string): Record<string, string> {
  return {
    XDG_CACHE_HOME: join(profile, 'cache'),
    XDG_STATE_HOME: join(profile, 'state'),
    SLIPWAY_BUILDMAN: join(profile, 'buildman'),
  }
}

type Fixtures = {
  /** A folder of the test's own, removed after it. */
  profile: string
  /** The app, opened on `profile`; its picture and log are kept if the test fails. */
  app: LaunchedApp
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint: playwright reads the names of the fixtures it needs from the pattern
  profile: async ({}, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'slipway-e2e-'))
    await use(profile)
    await rm(profile, { recursive: true, force: true })
  },
  app: ({ profile }, use, testInfo) => useApp(profile, {}, use, testInfo),
})

/** The fixture `app` for a test whose app is to see more in its environment. */
export async function useApp(
  profile: string,
  env: Readonly<Record<string, string>>,
  use: (app: LaunchedApp) => Promise<void>,
  testInfo: TestInfo,
): Promise<void> {
  const app = await launchApp(profile, env)
  await use(app)
  if (testInfo.status !== testInfo.expectedStatus) {
    // Also of those that the test itself opened: one of them may be the one that it failed with.
    for (const each of new Set([app, ...openApps])) await keepSigns(each, testInfo)
  }
  await quitApp(app)
}

/** What it printed, and what its window shows in words and as a picture. */
async function keepSigns({ electron, log }: LaunchedApp, testInfo: TestInfo): Promise<void> {
  const page = electron.windows().at(-1)
  const words = await page?.locator('body').ariaSnapshot({ timeout: 5_000 }).catch(String)
  const body = `${log.join('')}\nThe window says:\n${words ?? '(there is none)'}`
  await testInfo.attach('log', { body, contentType: 'text/plain' })
  const picture = await page?.screenshot({ timeout: 5_000 }).catch(() => undefined)
  if (picture) await testInfo.attach('window', { body: picture, contentType: 'image/png' })
}

function definedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry) => entry[1] !== undefined)
  return Object.fromEntries(entries as [string, string][])
}
