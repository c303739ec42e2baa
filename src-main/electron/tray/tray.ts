import { app, type BrowserWindow, Menu, Notification, nativeImage, Tray } from 'electron'
import { isForSearch } from '../../../src-core/bisect/bisect-state.ts'
import { headline } from '../../../src-core/bisect/bisect-texts.ts'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'
import type { AppSettings } from '../../../src-core/schemas.ts'
import type { Events } from '../../../src-preload/contract.ts'
import { countsText, finishedShare, progressText } from './progress-text.ts'

/** The run as it shows outside the window: title, task bar, tray, notifications. */
export type TrayAndNotices = {
  /** Told of everything that goes to the window. */
  notice<E extends keyof Events>(name: E, payload: Events[E]): void
  use(settings: Pick<AppSettings, 'notifications'>): void
}

export type TrayOptions = {
  readonly window: () => BrowserWindow | undefined
  readonly iconFile: string
  /** The run that the events are of. */
  readonly run: () => RunState | undefined
  /** Whether something is being built; a search goes on after its first run. */
  readonly isRunning: () => boolean
  /** Brings the window to the front, or back. */
  readonly show: () => void
}

/** So long an app without a window waits for a click on the notice that its run has ended. */
const noticeMs = 15_000

export function showTrayAndNotices({
  window,
  iconFile,
  run,
  isRunning,
  show,
}: TrayOptions): TrayAndNotices {
  let tray: Tray | null = null
  let notifications = true
  let toldOfFailure = false

  return {
    notice(name, payload) {
      if (name === 'bisect:changed') takeSearch(payload as Events['bisect:changed'])
      if (name !== 'run:events') return
      for (const event of (payload as Events['run:events']).events) take(event)
      showProgress()
    },
    use(settings) {
      notifications = settings.notifications
    },
  }

  function take(event: RunEvent): void {
    if (event.type === 'run-started') {
      toldOfFailure = false
      openTray()
    }
    if (
      event.type === 'build-finished' &&
      event.outcome === 'failed' &&
      !toldOfFailure &&
      !isForSearch(run()?.request ?? null)
    ) {
      toldOfFailure = true
      notify('First failure', `${event.board} failed on ${event.machine}.`)
    }
    if (event.type === 'run-finished' && !isRunning())
      end(event.cancelled ? 'Build stopped' : 'Build finished', outcomes())
  }

  function takeSearch(search: Events['bisect:changed']): void {
    if (search.phase === 'over') end('Search ended', headline(search))
  }

  function end(title: string, text: string): void {
    const told = notify(title, text)
    closeTray()
    // With the window closed, the run was what kept the app.
    if (!window()) setTimeout(leave, told ? noticeMs : 0)
  }

  function outcomes(): string {
    const state = run()
    return state ? countsText(state) : ''
  }

  function leave(): void {
    if (!window()) app.quit()
  }

  /** Whether there is a notice to be clicked. A person who looks at the window needs none. */
  function notify(title: string, body: string): boolean {
    const seen = window()?.isFocused() ?? false
    if (!notifications || seen || !Notification.isSupported()) return false
    const notification = new Notification({ title, body })
    notification.on('click', show)
    notification.show()
    return true
  }

  function showProgress(): void {
    const state = run()
    if (!state) return
    const text = progressText(state, Date.now())
    const main = window()
    main?.setTitle(text === '' ? app.name : `${text} - ${app.name}`)
    main?.setProgressBar(state.finishedAt > 0 ? -1 : finishedShare(state))
    tray?.setToolTip(text === '' ? app.name : text)
  }

  function openTray(): void {
    if (tray) return
    try {
      tray = new Tray(nativeImage.createFromPath(iconFile).resize({ width: 22, height: 22 }))
    } catch {
      // A desktop without a tray; the window and its title say the same.
      return
    }
    tray.on('click', show)
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Show Slipway', click: show },
        { label: 'Quit', click: () => app.quit() },
      ]),
    )
  }

  function closeTray(): void {
    tray?.destroy()
    tray = null
  }
}
