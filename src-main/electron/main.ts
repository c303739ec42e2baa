import { app, type BrowserWindow, session } from 'electron'
import { appOrigin } from './app-files.ts'
import { appHandlers, applySettings, settingsFile } from './app-handlers.ts'
import { appPaths } from './app-paths.ts'
import { declareAppScheme, serveAppFiles } from './app-protocol.ts'
import { guardPages } from './guards.ts'
import { emit, serve } from './ipc-server.ts'
import { setMenu } from './menu.ts'
import { readSettings } from './settings-file.ts'
import { openWindow } from './window.ts'

/** `npm run dev` serves the page over HTTP, for hot reload; nothing else can bring this about. */
const devOrigin = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = devOrigin ? new URL(devOrigin).origin : appOrigin

let window: BrowserWindow | undefined

declareAppScheme()
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow)
  app.on('window-all-closed', () => app.quit())
  app.whenReady().then(start).catch(giveUp)
} else {
  console.log('Slipway is already open; its window is shown.')
  app.quit()
}

async function start(): Promise<void> {
  const paths = appPaths()
  guardPages(session.defaultSession, origin)
  serveAppFiles(session.defaultSession, paths.page)
  applySettings((await readSettings(settingsFile())).settings)
  serve(appHandlers(), origin)
  setMenu((command) => window && emit(window.webContents, 'menu:command', command))
  window = await openWindow(`${origin}/index.html`, paths)
}

function showWindow(): void {
  if (window === undefined || window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.focus()
}

function giveUp(error: unknown): void {
  console.error('Slipway could not start:', error)
  app.exit(1)
}
