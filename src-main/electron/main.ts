import { app, session } from 'electron'
import { mendHome } from '../home-folder.ts'
import { appOrigin } from './app-files.ts'
import { keepAppLog } from './app-log.ts'
import { appPaths } from './app-paths.ts'
import { readSettings } from './app-settings/settings-file.ts'
import { openBackend } from './backend.ts'
import { fileOfStart, givenFile } from './given-file.ts'
import { askBeforeQuitting } from './quit.ts'
import { showTrayAndNotices } from './tray/tray.ts'
import { appHandlers, applySettings, settingsFile } from './window/app-handlers.ts'
import { declareAppScheme, serveAppFiles } from './window/app-protocol.ts'
import { dialogHandlers } from './window/dialog-handlers.ts'
import { guardPages } from './window/guards.ts'
import { serve } from './window/ipc-server.ts'
import { createMainWindow } from './window/main-window.ts'
import { setMenu } from './window/menu.ts'

/** `npm run dev` serves the page over HTTP, for hot reload; nothing else can bring this about. */
const devOrigin = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = devOrigin ? new URL(devOrigin).origin : appOrigin
const home = `${origin}/index.html`

declareAppScheme()
/** The run's file that the page is to open next; empty for none. */
let given = givenFile(process.argv, process.cwd())
// On macOS the system says it so, and may do that before all else.
app.on('open-file', (event, path) => {
  event.preventDefault()
  given = path
})
if (app.requestSingleInstanceLock({ file: given })) {
  app.whenReady().then(start).catch(giveUp)
} else {
  console.log('Slipway is already open; its window is shown.')
  app.quit()
}

async function start(): Promise<void> {
  keepAppLog()
  console.log(`Slipway ${app.getVersion()} starts.`)
  const homeNote = mendHome()
  if (homeNote !== '') console.error(homeNote)
  const paths = appPaths()
  guardPages(session.defaultSession, home)
  serveAppFiles(session.defaultSession, paths.page)
  const { settings } = await readSettings(settingsFile())
  applySettings(settings)
  const window = createMainWindow(home, paths, (emit) => {
    for (const question of backend.pendingQuestions()) emit('question:asked', question)
  })
  const show = () => void window.show().catch((error) => console.error('No window:', error))
  const tray = showTrayAndNotices({
    window: window.current,
    iconFile: paths.icon,
    run: () => backend.windowBoss.run()?.state,
    isRunning: () => backend.windowBoss.isRunning(),
    show,
  })
  tray.use(settings)
  const backend = await openBackend(paths, settings, (name, payload) => {
    tray.notice(name, payload)
    window.emit(name, payload)
  })
  const applyAll = async (next: typeof settings) => {
    tray.use(next)
    await backend.use(next)
  }
  serve(
    {
      ...appHandlers(applyAll),
      ...dialogHandlers({
        window: window.current,
        windowBoss: () => backend.windowBoss,
        colours: backend.colours,
        takeGiven: () => {
          const path = given
          given = ''
          return path
        },
      }),
      ...backend.handlers,
    },
    origin,
  )
  setMenu((command) => window.emit('menu:command', command))
  askBeforeQuitting(backend, window.current, show)
  app.on('activate', show)
  app.on('second-instance', (_event, _argv, _folder, data) => {
    given = fileOfStart(data) || given
    show()
    window.emit('run:file-given', {})
  })
  app.on('open-file', () => window.emit('run:file-given', {}))
  await window.show()
}

function giveUp(error: unknown): void {
  console.error('Slipway could not start:', error)
  app.exit(1)
}
