/** Where newer versions of this program are, and which one is newer. */
import { z } from 'zod'

/** A version that is newer than this program, and where it is told of; empty where nobody says. */
export type NewerRelease = { readonly version: string; readonly url: string }

/** What `package.json` says of where this program comes from. */
export const packageOrigin = z.object({
  repository: z
    .union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)])
    .default(''),
  homepage: z.string().default(''),
})
export type PackageOrigin = z.infer<typeof packageOrigin>

/**
 * The address that tells of the newest release: what a person set or, of a repository on GitHub, its own answer, else
 * `latest.json` below the home page. Empty where nothing is known.
 */
export function releasesAddress(setting: string, { repository, homepage }: PackageOrigin): string {
  if (setting !== '') return setting
  const github = /(?:^github:|github\.com[/:])([\w-]{1,100})\/([\w.-]{1,100}?)(?:\.git)?$/.exec(
    repository,
  )
  if (github) return `https://api.github.com/repos/${github[1]}/${github[2]}/releases/latest`
  return homepage === '' ? '' : `${homepage.replace(/\/+$/, '')}/latest.json`
}

/** As GitHub, Gitea and Forgejo tell of a release, or as a plain file does. */
const toldRelease = z.union([
  z
    .object({ tag_name: z.string().max(200), html_url: z.string().max(2000).default('') })
    .transform(({ tag_name: version, html_url: url }) => ({ version, url })),
  z.object({ version: z.string().max(200), url: z.string().max(2000).default('') }),
])

/** A release that such an answer tells of; null where it is no such answer. */
export function parseRelease(answer: unknown): NewerRelease | null {
  const told = toldRelease.safeParse(answer)
  if (!told.success) return null
  const { version, url } = told.data
  const numbers = numbersOf(version)
  if (!numbers) return null
  return { version: numbers.join('.'), url: /^https?:\/\/[^\s"<>]+$/.test(url) ? url : '' }
}

/** Whether `found` comes after `current`. What is no plain version, as one for trials, never does. */
export function isNewer(found: string, current: string): boolean {
  const [a, b] = [numbersOf(found), numbersOf(current)]
  if (!a || !b) return false
  const differs = a.findIndex((number, index) => number !== b[index])
  return differs >= 0 && (a[differs] ?? 0) > (b[differs] ?? 0)
}

function numbersOf(version: string): number[] | null {
  const match = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(version)
  return match?.slice(1).map(Number) ?? null
}
