import { type BuildInputs, splitPath } from './build-inputs.ts'
import type { SourceChange } from './source-change.ts'

/**
 * Why a build may come out otherwise after a change; null where it can't. Exact on one side: it never
 * calls a build unaffected that is not, and where it can't tell, the build is affected.
 *
 * @param inputs what the build of the one commit read
 * @param change to another commit, whichever of the two is the older
 */
export function whyAffected(inputs: BuildInputs, change: SourceChange): string | null {
  const { forAll, ifRead, headers, askForHeaders } = change
  if (forAll !== null) return forAll
  return (
    ifRead.find((path) => inputs.files.has(path)) ??
    headers.find((path) => mayBeFound(path, inputs)) ??
    (headers.length > 0 ? (firstIn(askForHeaders, inputs.files) ?? null) : null)
  )
}

/**
 * A header that came or went takes the place of another one that is named alike. In a folder of its own
 * it makes that folder come or go, which Makefiles ask for.
 */
function mayBeFound(path: string, { files, names, folders }: BuildInputs): boolean {
  const { folder, name } = splitPath(path)
  return files.has(path) || names.has(name) || !folders.has(folder)
}

function firstIn(some: ReadonlySet<string>, all: ReadonlySet<string>): string | undefined {
  for (const path of some) if (all.has(path)) return path
  return undefined
}
