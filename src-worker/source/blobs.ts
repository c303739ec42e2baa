/** Firmware of others that came with the source: where it lies here, and what make is told of it. Pure. */
import { join } from 'node:path'
import type { Environment } from '../tools/environment.ts'

/** The checkout of the commit that has all of it. */
export function blobsFolder(workDir: string): string {
  return join(workDir, 'blobs')
}

/** By board: make's variables, each with places below the folder of blobs. */
type BlobVariables = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/**
 * @returns words for make by board; and the environment without these variables, which would count for boards
 * that are not given any
 */
export function blobWordsOf(
  variables: BlobVariables,
  workDir: string,
  env: Environment,
): { readonly words: ReadonlyMap<string, readonly string[]>; readonly inherited: Environment } {
  const folder = blobsFolder(workDir)
  const words = new Map<string, string[]>()
  const named = new Set<string>()
  for (const [board, its] of Object.entries(variables)) {
    const ofBoard = Object.entries(its).map(([variable, places]) => {
      named.add(variable)
      return `${variable}=${places.map((place) => join(folder, place)).join(' ')}`
    })
    words.set(board, ofBoard)
  }
  const kept = Object.entries(env).filter(([name]) => !named.has(name))
  return { words, inherited: Object.fromEntries(kept) }
}
