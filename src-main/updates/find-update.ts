import { parseJson } from '../../src-core/basics/parse-json.ts'
import { isNewer, type NewerRelease, parseRelease } from '../../src-core/releases.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { messageOf } from '../error-text.ts'
import { boundedText, fetchFollowing } from '../machines/provision/fetch-following.ts'

/** Whole answer; a release's own text is in it. */
const mostBytes = 1024 * 1024
const limitMs = 10_000

/**
 * Asks an address for the newest release: null where that is none newer than `current`. Nothing is told of the person
 * or the computer but what every request does.
 */
export async function findUpdate(
  address: string,
  current: string,
  signal: AbortSignal = AbortSignal.timeout(limitMs),
): Promise<Result<NewerRelease | null>> {
  if (address === '') {
    return fail(
      'This build does not know where its releases are',
      'Name an address in the settings',
    )
  }
  const protocol = URL.canParse(address) ? new URL(address).protocol : ''
  if (protocol !== 'https:' && protocol !== 'http:') return fail(`${address} is no web address`)
  try {
    const response = await fetchFollowing(address, {
      signal,
      headers: { accept: 'application/json', 'user-agent': 'slipway' },
    })
    if (!response.ok) {
      await response.body?.cancel()
      return fail(`${address} answers with ${response.status}`)
    }
    const release = parseRelease(parseJson(await boundedText(response, mostBytes)))
    if (!release) return fail(`${address} tells of no release`)
    return ok(isNewer(release.version, current) ? release : null)
  } catch (error) {
    // `fetch` says only that it failed, and has the reason beside that.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const why = signal.aborted ? 'it took too long' : messageOf(cause)
    return fail(`${address} can't be asked for a newer version: ${why}`)
  }
}
