import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { build } from 'vite'
import { startVirtualDisplay } from '../../scripts/display/virtual-display.mjs'
import { findElectron } from '../../scripts/electron-runtime.mjs'
import type { BossOptions, MadeUpBoss } from './made-up-boss.ts'

/** The window's page and preload in real Electron, and a made-up boss in its main process. */
export type Harness = {
  readonly electron: ElectronApplication
  /** Opens a window of the given size on the app, or on an empty page. */
  readonly open: (window: WindowOptions) => Promise<Page>
  readonly close: () => Promise<void>
}

export type WindowOptions = {
  readonly width: number
  readonly height: number
  /** Null opens an empty page, to measure against. */
  readonly boss: BossOptions | null
  /** Has the boss play this before the page loads. */
  readonly before?: Parameters<MadeUpBoss['play']>[0]
}

declare global {
  /** The boss of the newest window; in Electron's main process. */
  var slipwayBoss: MadeUpBoss
  /** Puts a new boss in its place. */
  var makeSlipwayBoss: (options: BossOptions) => void
}

const root = process.cwd()

export async function startHarness(): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-ui-'))
  const pages = join(folder, 'page')
  await buildPage(pages)
  const server = await serve(pages)
  const display = await startVirtualDisplay()
  const electron = await startElectron(folder, display.name)
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    electron,
    open: (window) => openWindow(electron, address, window),
    async close() {
      await electron.close()
      await display.stop()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function buildPage(outDir: string): Promise<void> {
  const { default: react } = await import('@vitejs/plugin-react')
  await build({
    root: join(root, 'src-renderer'),
    base: './',
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: { outDir, emptyOutDir: true, target: 'chrome130', chunkSizeWarningLimit: 2000 },
  })
  await writeFile(join(outDir, 'empty.html'), '<!doctype html><title>empty</title><input>')
}

async function buildBoss(outDir: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      lib: {
        entry: join(root, 'bench', 'ui', 'made-up-boss.ts'),
        formats: ['es'],
        fileName: () => 'made-up-boss.mjs',
      },
    },
  })
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
}

function serve(folder: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    try {
      const body = await readFile(join(folder, path === '/' ? 'index.html' : path))
      const type = mediaTypes[extname(path === '/' ? '.html' : path)] ?? mediaTypes['.html'] ?? ''
      response.writeHead(200, { 'content-type': type }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

/**
 * The app around the window: the channels of `bridge.ts`, a boss behind them, and nothing else.
 * Windows are opened from outside; it stays while there is none.
 */
const main = `
import { app, BrowserWindow, ipcMain } from 'electron'
import { createMadeUpBoss } from './made-up-boss.mjs'
const emit = (name, payload) => {
  for (const window of BrowserWindow.getAllWindows()) {
    window.webContents.send('slipway:event', name, payload)
  }
}
globalThis.makeSlipwayBoss = (options) => {
  globalThis.slipwayBoss?.stop()
  globalThis.slipwayBoss = createMadeUpBoss(options, emit)
}
ipcMain.handle('slipway:request', (event, name, args) => globalThis.slipwayBoss.answer(name, args))
app.on('window-all-closed', () => {})
`

async function startElectron(folder: string, display: string): Promise<ElectronApplication> {
  const runtime = await findElectron({
    electronPackage: join(root, 'node_modules', 'electron'),
    say: () => {},
  })
  const shell = join(folder, 'shell')
  await mkdir(shell)
  await buildBoss(shell)
  await writeFile(join(shell, 'main.mjs'), main)
  await writeFile(
    join(shell, 'package.json'),
    '{"name":"slipway-bench","version":"1.0.0","main":"main.mjs"}',
  )
  return _electron.launch({
    executablePath: join(runtime.dir, 'electron'),
    args: ['--no-sandbox', `--user-data-dir=${join(folder, 'profile')}`, shell],
    colorScheme: null,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DISPLAY: display },
  })
}

async function openWindow(
  electron: ElectronApplication,
  address: string,
  { width, height, boss, before }: WindowOptions,
): Promise<Page> {
  const preload = join(root, 'out', 'preload', 'preload.cjs')
  if (boss) await electron.evaluate((_, options) => makeSlipwayBoss(options), boss)
  if (before) await electron.evaluate((_, play) => slipwayBoss.play(play), before)
  const [page] = await Promise.all([
    electron.waitForEvent('window'),
    electron.evaluate(
      ({ BrowserWindow, nativeTheme }, options) => {
        nativeTheme.themeSource = options.theme
        const window = new BrowserWindow({
          width: options.width,
          height: options.height,
          useContentSize: true,
          frame: false,
          webPreferences: {
            backgroundThrottling: false,
            ...(options.preload && { preload: options.preload }),
          },
        })
        void window.loadURL(options.url)
      },
      {
        width,
        height,
        theme: boss?.theme ?? 'light',
        preload: boss ? preload : '',
        url: `${address}/${boss ? 'index.html' : 'empty.html'}`,
      },
    ),
  ])
  await page.waitForLoadState()
  return page
}
