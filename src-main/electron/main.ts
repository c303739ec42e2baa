import { app, session } from 'electron'
import { appOrigin } from './app-files.ts'
import { appHandlers, applySettings, settingsFile } from './app-handlers.ts'
import { appPaths } from './app-paths.ts'
import { declareAppScheme, serveAppFiles } from './app-protocol.ts'
import { dialogHandlers } from './dialog-handlers.ts'
import { guardPages } from './guards.ts'
import { serve } from './ipc-server.ts'
import { createMainWindow } from './main-window.ts'
import { setMenu } from './menu.ts'
import { showPresence } from './presence.ts'
import { askBeforeQuitting } from './quit.ts'
import { readSettings } from './settings-file.ts'
import { openWorkplace } from './workplace.ts'

/** `npm run dev` serves the page over HTTP, for hot reload; nothing else can bring this about. */
const devOrigin = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = devOrigin ? new URL(devOrigin).origin : appOrigin

declareAppScheme()
if (app.requestSingleInstanceLock()) {
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
  const window = createMainWindow(`${origin}/index.html`, paths, (emit) => {
    for (const question of workplace.pendingQuestions()) emit('question:asked', question)
  })
  const show = () => void window.show().catch((error) => console.error('No window:', error))
  const presence = showPresence({ window: window.current, iconFile: paths.icon, show })
  presence.use(settings)
  const workplace = await openWorkplace(paths, settings, (name, payload) => {
    presence.notice(name, payload)
    window.emit(name, payload)
  })
  const applyAll = async (next: typeof settings) => {
    presence.use(next)
    await workplace.use(next)
  }
  serve(
    {
      ...appHandlers(applyAll),
      ...dialogHandlers(window.current),
      ...workplace.handlers,
    },
    origin,
  )
  setMenu((command) => window.emit('menu:command', command))
  askBeforeQuitting(workplace, window.current, show)
  app.on('activate', show)
  app.on('second-instance', show)
  await window.show()
}

function giveUp(error: unknown): void {
  console.error('Slipway could not start:', error)
  app.exit(1)
}
