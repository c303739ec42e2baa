/** Redirects one after the other; more of them lead nowhere. */
const mostRedirects = 10

/** A redirect that is not followed. The message says from where to where. */
export class RedirectRefused extends Error {}

/**
 * `fetch`, but from https no redirect leads to http, where anybody on the way could change what
 * comes: only a person asks for http. Rejects with a RedirectRefused, or as `fetch` does.
 */
export async function fetchFollowing(
  url: string,
  init: { readonly signal: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
): Promise<Response> {
  let at = url
  for (let count = 0; count <= mostRedirects; count++) {
    const response = await fetch(at, { ...init, redirect: 'manual' })
    const location = response.headers.get('location')
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response
    await response.body?.cancel()
    if (!URL.canParse(location, at)) throw new RedirectRefused(`${at} leads to no address`)
    const next = new URL(location, at)
    if (new URL(at).protocol === 'https:' && next.protocol !== 'https:') {
      throw new RedirectRefused(`${at} leads from https to ${next.protocol}//${next.host}: refused`)
    }
    at = next.href
  }
  throw new RedirectRefused(`${url} leads on more than ${mostRedirects} times`)
}

/** The text of an answer of at most `maxBytes`; rejects if it is longer. */
export async function boundedText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
