/** Variables of make that name firmware, as a person sets them for a run. Pure. */
import { isAbsolute, resolve } from 'node:path'
import { blobVariables, blobWord } from '../../src-core/blobs/blob-kinds.ts'

/** What a variable is set to, and by what. */
export type SaidBlob = {
  /** A file, or folders with spaces between. */
  readonly value: string
  /** For a person: `BL31 of the environment`. */
  readonly from: string
}

/** By the name of the variable. */
export type SaidBlobs = ReadonlyMap<string, SaidBlob>

/**
 * What the environment and words of the command line set; as with make, the latter win.
 * @param exists whether there is such a file: one that a person names from where they stand
 */
export function blobsSaidHere(
  environment: Readonly<Record<string, string | undefined>>,
  words: readonly string[],
  folder: string,
  exists: (path: string) => boolean,
): SaidBlobs {
  const said = new Map<string, SaidBlob>()
  const fromHere = (value: string) => {
    const paths = value.split(/\s+/).map((path) => resolve(folder, path))
    return isAbsolute(value) || !paths.every(exists) ? value : paths.join(' ')
  }
  for (const variable of blobVariables) {
    const value = environment[variable]?.trim()
    if (value)
      said.set(variable, { value: fromHere(value), from: `${variable} of the environment` })
  }
  for (const word of words) {
    const found = blobWord(word)
    if (!found) continue
    const { variable, value } = found
    if (value === '') said.delete(variable)
    else said.set(variable, { value: fromHere(value), from: `${variable} of the command line` })
  }
  return said
}

/** The same for one board, whose `[make-flags]` win, as words of make do; `others` are its other words. */
export function blobsSaidFor(
  said: SaidBlobs,
  makeFlags: readonly string[],
): { readonly said: SaidBlobs; readonly others: readonly string[] } {
  const all = new Map(said)
  const others: string[] = []
  for (const word of makeFlags) {
    const found = blobWord(word)
    if (!found) others.push(word)
    else if (found.value === '') all.delete(found.variable)
    else all.set(found.variable, { value: found.value, from: `${found.variable} of [make-flags]` })
  }
  return { said: all, others }
}
