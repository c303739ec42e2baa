import { readFile } from 'node:fs/promises'
import { protocol, type Session } from 'electron'
import { appOrigin, contentSecurityPolicy, fileForUrl, mediaTypeOf } from '../app-files.ts'

/** To be called before the app is ready: Chromium learns its schemes once. */
export function declareAppScheme(): void {
  const scheme = new URL(appOrigin).protocol.replace(':', '')
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the files under `root` to the window, each with the content security policy. */
export function serveAppFiles(session: Session, root: string): void {
  session.protocol.handle('app', async (request) => {
    const file = fileForUrl(root, request.url)
    if (file === undefined || request.method !== 'GET') return new Response(null, { status: 403 })
    try {
      const headers = {
        'content-type': mediaTypeOf(file),
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      }
      return new Response(new Uint8Array(await readFile(file)), { headers })
    } catch {
      return new Response(null, { status: 404 })
    }
  })
}
