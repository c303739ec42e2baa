import { resolve, sep } from 'node:path'

/** The window's own scheme: unlike `file:` it has an origin, and reaches one folder only. */
export const appOrigin = 'app://slipway'

/**
 * What a page may load and do. Scripts only from the app; styles inline too, because CodeMirror
 * and xterm.js put style elements into the page.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  json: 'application/json; charset=utf-8',
}

/** The file that a URL of the app's scheme stands for; undefined for anything outside `root`. */
export function fileForUrl(root: string, url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || `${parsed.protocol}//${parsed.host}` !== appOrigin) return undefined
  const path = decodePath(parsed.pathname)
  if (path === undefined || path.includes('\0')) return undefined
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`)
  return file.startsWith(root + sep) ? file : undefined
}

export function mediaTypeOf(file: string): string {
  return mediaTypes[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
