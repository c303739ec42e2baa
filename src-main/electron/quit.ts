import { app, type BrowserWindow, dialog, type MessageBoxOptions } from 'electron'
import type { Backend } from './backend.ts'
import { settingsWritten } from './window/app-handlers.ts'

/** Milliseconds in which it leaves: with nothing under way, and with workers on machines to be ended. */
const idleLimitMs = 15_000
const busyLimitMs = 180_000
/** How long a change of the settings may take to reach the disk. */
const settingsLimitMs = 2000

/**
 * Closing the window leaves a run going on; the tray brings the window back. Quitting with
 * something under way asks first, and then leaves nothing running anywhere.
 *
 * @param show brings the window to the front, or back
 */
export function askBeforeQuitting(
  backend: Backend,
  window: () => BrowserWindow | undefined,
  show: () => void,
): void {
  let asking = false
  let leaving = false

  app.on('window-all-closed', () => {
    if (!backend.windowBoss.isRunning()) app.quit()
  })
  app.on('before-quit', (event) => {
    if (leaving) return
    event.preventDefault()
    if (!asking) void quit()
  })

  async function quit(): Promise<void> {
    asking = true
    const may = await mayQuit()
    asking = false
    if (may) {
      leaving = true
      // A page that is gone, as where all processes of the app were told to end, never agrees to be closed.
      setTimeout(() => app.exit(), busyWith(backend) === '' ? idleLimitMs : busyLimitMs)
      await Promise.all([backend.close(), settingsWritten(settingsLimitMs)])
      app.quit()
    } else if (!window()) {
      // Without a window nobody could come back to what still runs.
      show()
    }
  }

  async function mayQuit(): Promise<boolean> {
    const busy = busyWith(backend)
    if (busy === '') return true
    const question: MessageBoxOptions = {
      type: 'question',
      message: `${busy} Quit all the same?`,
      detail: 'What runs is stopped, here and on all machines. Outcomes so far are kept.',
      buttons: ['Quit', 'Stay'],
      defaultId: 1,
      cancelId: 1,
    }
    const parent = window()
    const { response } = parent
      ? await dialog.showMessageBox(parent, question)
      : await dialog.showMessageBox(question)
    return response === 0
  }
}

function busyWith({ windowBoss, terminals }: Backend): string {
  const open =
    terminals.running === 1 ? 'A terminal is open.' : `${terminals.running} terminals are open.`
  const parts = [
    ...(windowBoss.isRunning() ? ['A build is under way.'] : []),
    ...(terminals.running > 0 ? [open] : []),
  ]
  return parts.join(' ')
}
