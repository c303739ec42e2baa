import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { build } from 'vite'
import { findElectron } from '../../scripts/electron-runtime.mjs'
import { startVirtualDisplay } from '../../scripts/virtual-display.mjs'
import type { PageBossOptions } from './page-boss.ts'

/** The window's page in real Electron, with the boss of `page-boss.ts` inside the page. */
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
  readonly boss: PageBossOptions | null
  /** Device pixels to a CSS pixel. */
  readonly scale?: number
}

const root = process.cwd()

export async function startHarness(): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-ui-'))
  const pages = join(folder, 'page')
  await buildPage(pages)
  const bossScript = await buildBoss(folder)
  const server = await serve(pages)
  const display = await startVirtualDisplay()
  const electron = await startElectron(folder, display.name)
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    electron,
    open: (window) => openWindow(electron, address, bossScript, window),
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
    logLevel: 'warn',
    plugins: [react()],
    build: { outDir, emptyOutDir: true, target: 'chrome130' },
  })
  await writeFile(join(outDir, 'empty.html'), '<!doctype html><title>empty</title>')
}

/** The page boss as one script that puts `installPageBoss` on the window. */
async function buildBoss(folder: string): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: join(folder, 'boss'),
      minify: false,
      lib: {
        entry: join(root, 'bench', 'ui', 'page-boss.ts'),
        name: 'slipwayBench',
        formats: ['iife'],
        fileName: () => 'boss.js',
      },
    },
  })
  return readFile(join(folder, 'boss', 'boss.js'), 'utf8')
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

async function startElectron(folder: string, display: string): Promise<ElectronApplication> {
  const runtime = await findElectron({ say: () => {} })
  const shell = join(folder, 'shell')
  await mkdir(shell)
  // Windows are opened from outside; the app only has to stay while there is none.
  const main = "import { app } from 'electron'\napp.on('window-all-closed', () => {})\n"
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
  bossScript: string,
  { width, height, boss, scale = 1 }: WindowOptions,
): Promise<Page> {
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
          show: true,
          webPreferences: { zoomFactor: options.scale, backgroundThrottling: false },
        })
        void window.loadURL('about:blank')
      },
      { width, height, scale, theme: boss?.theme ?? 'light' },
    ),
  ])
  if (boss) {
    await page.addInitScript(
      `${bossScript}\n;slipwayBench.installPageBoss(${JSON.stringify(boss)})`,
    )
  }
  await page.goto(`${address}/${boss ? 'index.html' : 'empty.html'}`)
  return page
}
