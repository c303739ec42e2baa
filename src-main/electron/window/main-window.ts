import type { BrowserWindow } from 'electron'
import type { Emit } from '../../requests/window-boss.ts'
import { emit } from './ipc-server.ts'
import { openWindow, type WindowFiles } from './window.ts'

/** The one window, which may be closed and opened again while the app goes on. */
export type MainWindow = {
  current(): BrowserWindow | undefined
  /** Brings it to the front, or back. Rejects where its page can't be loaded. */
  show(): Promise<void>
  /** Tells it something, if it is there. */
  readonly emit: Emit
}

/** @param onLoaded called for each page that has been loaded, the first one too */
export function createMainWindow(
  url: string,
  files: WindowFiles,
  onLoaded: (emit: Emit) => void,
): MainWindow {
  let window: BrowserWindow | undefined
  /** Settles when what was asked for before is done: two calls open one window. */
  let before: Promise<unknown> = Promise.resolve()

  const emitHere: Emit = (name, payload) => {
    if (window) emit(window.webContents, name, payload)
  }

  async function bringUp(): Promise<void> {
    if (window) {
      if (window.isMinimized()) window.restore()
      window.focus()
      return
    }
    await openWindow(url, files, (opened) => {
      window = opened
      opened.on('closed', () => {
        window = undefined
      })
      opened.webContents.on('did-finish-load', () => onLoaded(emitHere))
    })
  }

  return {
    current: () => window,
    emit: emitHere,
    show() {
      const shown = before.then(bringUp)
      before = shown.catch(() => undefined)
      return shown
    },
  }
}
