import { app, type Session } from 'electron'

/**
 * Holds every page of the app to its own origin: no navigation away, no new windows, no embedded
 * pages, and none of the browser's permissions.
 */
export function guardPages(session: Session, origin: string): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)

  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.on('will-navigate', (event) => {
      if (!isWithin(origin, event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (!isWithin(origin, event.url)) event.preventDefault()
    })
  })
}

function isWithin(origin: string, url: string): boolean {
  return url === origin || url.startsWith(`${origin}/`)
}
