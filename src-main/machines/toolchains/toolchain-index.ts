/** Reading the pages of a toolchain server, laid out as kernel.org's. Pure. */
import { linesOf } from '../../../src-core/basics/lines.ts'

/** Below it: HOST/VERSION/. A company's mirror may stand in its place. */
export const TOOLCHAIN_SERVER = 'https://www.kernel.org/pub/tools/crosstool/files/bin'

/** Newest first; the reference's. */
export const TOOLCHAIN_VERSIONS = ['14.2.0', '13.2.0']

export type ToolchainArchive = { readonly name: string; readonly url: string }

/** The folder with compilers that run on a machine of this `uname -m`. */
export function toolchainPage(server: string, machineArch: string, version: string): string {
  const host = machineArch === 'aarch64' ? 'arm64' : machineArch
  return `${server.replace(/\/+$/, '')}/${encodeURIComponent(host)}/${encodeURIComponent(version)}/`
}

/** The `.xz` archives that a page links to, in its order; none outside the page's own server. */
export function archivesOf(html: string, page: string): ToolchainArchive[] {
  const links = [...html.matchAll(/href\s*=\s*["']([^"'<>\s]+\.xz)["']/gi)]
  return links.flatMap(([, href = '']) => {
    if (!URL.canParse(href, page)) return []
    const url = new URL(href, page)
    const name = decodeURIComponentOr(url.pathname.split('/').at(-1) ?? '')
    const plain = /^[\w][\w.+-]*$/.test(name)
    return plain && url.origin === new URL(page).origin ? [{ name, url: url.href }] : []
  })
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** The last archive whose name has `-ARCH-` or `_ARCH-`, as the reference picks it. */
export function archiveFor(
  archives: readonly ToolchainArchive[],
  arch: string,
): ToolchainArchive | undefined {
  return archives.findLast(({ name }) => name.includes(`-${arch}-`) || name.includes(`_${arch}-`))
}

/** The architectures of a page, sorted: what follows `nolibc-` in the names. */
export function archsOf(archives: readonly ToolchainArchive[]): string[] {
  const archs = archives.flatMap(({ name }) => /nolibc[-_]([^-]+)-/.exec(name)?.[1] ?? [])
  return [...new Set(archs)].sort()
}

/** The SHA-256 of a file in the output of `sha256sum` (signed or not); null if it has none. */
export function checksumOf(list: string, name: string): string | null {
  for (const line of linesOf(list)) {
    const digest = /^[0-9a-f]{64}(?= [ *]|\s*$)/i.exec(line)?.[0] ?? ''
    const file = line.slice(digest.length + 2).trim()
    const isOfFile = file === '' || file.slice(file.lastIndexOf('/') + 1) === name
    if (digest !== '' && isOfFile) return digest.toLowerCase()
  }
  return null
}
