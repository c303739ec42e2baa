import { app, type BrowserWindow, session } from 'electron'
import { appOrigin } from './app-files.ts'
import { appHandlers, applySettings, settingsFile } from './app-handlers.ts'
import { appPaths } from './app-paths.ts'
import { declareAppScheme, serveAppFiles } from './app-protocol.ts'
import { dialogHandlers } from './dialog-handlers.ts'
import { guardPages } from './guards.ts'
import { emit, serve } from './ipc-server.ts'
import { setMenu } from './menu.ts'
import { showPresence } from './presence.ts'
import { askBeforeQuitting } from './quit.ts'
import { readSettings } from './settings-file.ts'
import { openWindow } from './window.ts'
import { openWorkplace } from './workplace.ts'

/** `npm run dev` serves the page over HTTP, for hot reload; nothing else can bring this about. */
const devOrigin = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = devOrigin ? new URL(devOrigin).origin : appOrigin

let window: BrowserWindow | undefined
let showWindow = () => {}

declareAppScheme()
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => showWindow())
  app.whenReady().then(start).catch(giveUp)
} else {
  console.log('Slipway is already open; its window is shown.')
  app.quit()
}

async function start(): Promise<void> {
  const paths = appPaths()
  guardPages(session.defaultSession, origin)
  serveAppFiles(session.defaultSession, paths.page)
  const { settings } = await readSettings(settingsFile())
  applySettings(settings)
  const presence = showPresence(
    () => window,
    paths.icon,
    () => showWindow(),
  )
  const workplace = await openWorkplace(paths, settings, (name, payload) => {
    presence.notice(name, payload)
    if (window) emit(window.webContents, name, payload)
  })
  const applyAll = async (next: typeof settings) => {
    presence.use(next)
    await workplace.use(next)
  }
  presence.use(settings)
  serve(
    {
      ...appHandlers(applyAll),
      ...dialogHandlers(() => window),
      ...workplace.handlers,
    },
    origin,
  )
  setMenu((command) => window && emit(window.webContents, 'menu:command', command))
  const openMain = async () => {
    window = await openWindow(`${origin}/index.html`, paths)
    window.on('closed', () => {
      window = undefined
    })
    window.webContents.on('did-finish-load', () => {
      for (const question of workplace.pendingQuestions()) {
        if (window) emit(window.webContents, 'question:asked', question)
      }
    })
  }
  showWindow = () => {
    if (window === undefined) void openMain()
    else if (window.isMinimized()) window.restore()
    window?.focus()
  }
  app.on('activate', () => showWindow())
  askBeforeQuitting(workplace, () => window)
  await openMain()
}

function giveUp(error: unknown): void {
  console.error('Slipway could not start:', error)
  app.exit(1)
}
