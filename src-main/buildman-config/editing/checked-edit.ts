import { isDeepStrictEqual } from 'node:util'
import type { BlobRules } from '../../../src-core/blobs/blob-rules.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { type BuildmanConfig, parseBuildmanConfig } from '../read-config.ts'

/** A settings file as it is written: `~` stays. */
export function readForEdit(text: string): Result<BuildmanConfig> {
  return parseBuildmanConfig(text, { file: 'the settings file', home: '~' })
}

/**
 * The edited file, where it says exactly what was asked for.
 * @param what is in [DEFAULT] perhaps, if it does not: `the machine`
 */
export function checkedEdit(edited: string, wanted: BuildmanConfig, what: string): Result<string> {
  const after = readForEdit(edited)
  if (!after.ok) return fail(`the change would make the file unreadable: ${after.problem.what}`)
  if (isDeepStrictEqual(meaning(after.value), meaning(wanted))) return ok(edited)
  return fail(
    `this change can't be made without touching other settings`,
    `Is ${what}, or a setting of it, in [DEFAULT]? Edit the file by hand.`,
  )
}

/** All that a file says, without where it says it and what is odd about it. */
function meaning({ warnings: _warnings, ...config }: BuildmanConfig): Partial<BuildmanConfig> {
  return { ...config, blobs: byScope(config.blobs) }
}

/** The order of sections means nothing, that within one does. */
function byScope(blobs: BlobRules): BlobRules {
  const sorted = <T extends { readonly only: string }>(items: readonly T[]) =>
    items.toSorted((a, b) => (a.only === b.only ? 0 : a.only < b.only ? -1 : 1))
  return { ...blobs, rules: sorted(blobs.rules), folders: sorted(blobs.folders) }
}
