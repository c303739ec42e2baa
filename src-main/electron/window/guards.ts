import { app, type Session } from 'electron'

/**
 * Holds every page of the app to its one document: no navigation away, no new windows, no embedded
 * pages, and none of the browser's permissions.
 *
 * @param home the page's address; what stands behind `#` is the page's own
 */
export function guardPages(session: Session, home: string): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)

  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isHome(home, event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (!isHome(home, event.url)) event.preventDefault()
    })
    // About `about:blank` nobody is asked: the preload script refuses it (`stay-on-page.ts`).
  })
}

/** Whether the address is the page's, whatever part of it is shown. */
function isHome(home: string, url: string): boolean {
  return url === home || url.startsWith(`${home}#`)
}
