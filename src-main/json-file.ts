import { readFile, rename, stat } from 'node:fs/promises'
import { replaceFile, replaceFileNow } from '../src-system/replace-file.ts'
import { messageOf } from './error-text.ts'

/** A JSON file of the app's own: absent, readable, or set aside because it was not JSON. */
export type JsonFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'damaged'; readonly keptAs: string; readonly why: string }

/**
 * Reads a JSON file; one that is not JSON, or has over `most` bytes, is renamed to `<file>.damaged`, so
 * nothing is lost.
 */
export async function readJsonFile(
  file: string,
  most = Number.POSITIVE_INFINITY,
): Promise<JsonFile> {
  let text: string
  try {
    if ((await stat(file)).size > most) return setAside(file, `it has over ${most} bytes`)
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { kind: 'absent' }
    }
    throw error
  }
  try {
    return { kind: 'read', value: JSON.parse(text) }
  } catch (error) {
    return setAside(file, messageOf(error))
  }
}

/** Renames a file that makes no sense, so that a new one can be written and nothing is lost. */
export async function setAside(
  file: string,
  why: string,
): Promise<Extract<JsonFile, { kind: 'damaged' }>> {
  const keptAs = `${file}.damaged`
  await rename(file, keptAs)
  return { kind: 'damaged', keptAs, why }
}

/** Replaces the file whole, and waits until it is on the disk. */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  await replaceFile(file, toText(value), { flush: true })
}

/** The same for moments when nothing is awaited any more, such as a closing window. */
export function writeJsonFileNow(file: string, value: unknown): void {
  replaceFileNow(file, toText(value), { flush: true })
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
