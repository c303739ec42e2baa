import { fail, ok, type Result } from '../../../src-core/result.ts'

/** Sites that the app's pages and help refer to; nothing else is handed to the browser. */
const hosts: readonly string[] = [
  'docs.u-boot.org',
  'source.denx.de',
  'www.denx.de',
  'docs.kernel.org',
  'mirrors.edge.kernel.org',
  'www.kernel.org',
  'nodejs.org',
]

/** The URL in its normal form, if it may be opened in the person's browser. */
export function allowedLink(url: string): Result<string> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined) return fail(`"${url}" is no address`)
  if (parsed.protocol !== 'https:' || !hosts.includes(parsed.host) || parsed.username !== '') {
    return fail(
      `${parsed.protocol}//${parsed.host} is not among the sites that this app opens`,
      `Only https, and only ${hosts.join(', ')}.`,
    )
  }
  return ok(parsed.href)
}
