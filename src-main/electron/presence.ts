import { app, type BrowserWindow, Menu, Notification, nativeImage, Tray } from 'electron'
import type { Events } from '../../src-preload/contract.ts'
import { clockText, paceOf } from '../../src-preload/pace.ts'
import type { RunEvent } from '../../src-preload/run-events.ts'
import { applyEvent, emptyRun, finishedBuilds, type RunState } from '../../src-preload/run-state.ts'
import type { AppSettings } from '../../src-preload/schemas.ts'

/** The run as it shows outside the window: title, task bar, tray, notifications. */
export type Presence = {
  /** Told of everything that goes to the window. */
  notice<E extends keyof Events>(name: E, payload: Events[E]): void
  use(settings: Pick<AppSettings, 'notifications'>): void
}

/** @param show brings the window to the front, or back */
export function showPresence(
  window: () => BrowserWindow | undefined,
  iconFile: string,
  show: () => void,
): Presence {
  const run = emptyRun()
  let tray: Tray | null = null
  let notifications = true
  let toldOfFailure = false

  return {
    notice(name, payload) {
      if (name !== 'run:events') return
      for (const event of (payload as Events['run:events']).events) take(event)
      showProgress()
    },
    use(settings) {
      notifications = settings.notifications
    },
  }

  function take(event: RunEvent): void {
    applyEvent(run, event)
    if (event.type === 'run-started') {
      toldOfFailure = false
      openTray()
    }
    if (event.type === 'build-finished' && event.outcome === 'failed' && !toldOfFailure) {
      toldOfFailure = true
      notify('First failure', `${event.board} failed on ${event.machine}.`)
    }
    if (event.type === 'run-finished') {
      notify(event.cancelled ? 'Build stopped' : 'Build finished', countsText(run))
      closeTray()
    }
  }

  function notify(title: string, body: string): void {
    const hidden = !window()?.isFocused()
    if (!notifications || !hidden || !Notification.isSupported()) return
    const notification = new Notification({ title, body })
    notification.on('click', show)
    notification.show()
  }

  function showProgress(): void {
    const text = progressText(run, Date.now())
    const main = window()
    main?.setTitle(text === '' ? app.name : `${text} - ${app.name}`)
    main?.setProgressBar(run.finishedAt > 0 ? -1 : finishedShare(run))
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
    // With the window closed, the run was what kept the app.
    if (!window()) app.quit()
  }
}

function finishedShare(run: RunState): number {
  const total = run.boards.length * run.commits.length
  return total === 0 ? 0 : finishedBuilds(run) / total
}

function progressText(run: RunState, now: number): string {
  const total = run.boards.length * run.commits.length
  if (total === 0 || run.finishedAt > 0) return ''
  const { left } = paceOf(run, now)
  const eta = left && left.high > 0 ? `, about ${clockText((left.low + left.high) / 2)} left` : ''
  const failed = run.counts.failed > 0 ? `, ${run.counts.failed} failed` : ''
  return `${finishedBuilds(run)} of ${total}${failed}${eta}`
}

function countsText({ counts }: RunState): string {
  const parts = (['ok', 'warnings', 'failed', 'not built'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`)
  return parts.join(', ')
}
