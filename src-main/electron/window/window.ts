import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { readJsonFile, writeJsonFileNow } from '../../json-file.ts'
import { placeWindow, smallestWindow, type WindowPlace, windowPlace } from './window-place.ts'

export type WindowFiles = {
  readonly preload: string
  readonly icon: string
}

/**
 * Opens the window, where it was left, on the page at `url`; it shows once it has drawn.
 *
 * @param onOpened is handed the window before its page is loaded
 */
export async function openWindow(
  url: string,
  files: WindowFiles,
  onOpened: (window: BrowserWindow) => void,
): Promise<void> {
  const placeFile = join(app.getPath('userData'), 'window.json')
  const displays = screen.getAllDisplays()
  const main = screen.getPrimaryDisplay()
  const others = displays.filter((display) => display.id !== main.id)
  const workAreas = [main, ...others].map((display) => display.workArea)
  const place = placeWindow(await lastPlace(placeFile), workAreas)

  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: app.name,
    icon: files.icon,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181b' : '#f7f7f5',
    webPreferences: {
      preload: files.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (place.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  let closing = false
  window.on('close', () => {
    closing = true
    const bounds = window.getNormalBounds()
    const left: WindowPlace = { bounds, maximized: window.isMaximized() }
    try {
      writeJsonFileNow(placeFile, left)
    } catch (error) {
      console.error(`The window's place was not saved in ${placeFile}:`, error)
    }
  })
  // What the page shows is the boss's; a new page shows the same.
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    // Loaded anew while the app ends, it would keep the window from closing.
    if (closing) return window.destroy()
    console.error(`The window's page ended (${reason}, ${exitCode}); it is loaded again.`)
    setImmediate(() => {
      if (!closing && !window.isDestroyed()) window.webContents.reload()
    })
  })
  onOpened(window)
  await window.loadURL(url).catch((error: unknown) => {
    // Closed, or loaded again, while it was loading: that was asked for, so nothing went wrong.
    if (!closing && !isAborted(error)) throw error
  })
}

/** Another load of the page took the place of this one. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_ABORTED'
}

/** A place that can't be read is no loss: the window opens in the middle. */
async function lastPlace(file: string): Promise<WindowPlace | undefined> {
  const json = await readJsonFile(file)
  return json.kind === 'read' ? windowPlace.safeParse(json.value).data : undefined
}
