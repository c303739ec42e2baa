/**
 * Which files of the source a build read, as its folder tells them, and their form as the file `inputs`
 * of a result: `common/: main.c cli.c`, a folder a line.
 */
import { LONGEST_VALUE_LINE, linesOf } from '../basics/lines.ts'

export type BuildInputs = {
  /** Paths from the top of the tree, as they are spelt and without symbolic links. */
  readonly files: ReadonlySet<string>
  /** Their last parts. */
  readonly names: ReadonlySet<string>
  /** Where they lie; the top is empty. */
  readonly folders: ReadonlySet<string>
}

export function inputsOf(files: Iterable<string>): BuildInputs {
  const all = new Set(files)
  const names = new Set<string>()
  const folders = new Set<string>()
  for (const file of all) {
    const { folder, name } = splitPath(file)
    names.add(name)
    folders.add(folder)
  }
  return { files: all, names, folders }
}

/** More than any build reads. */
const MOST_FILES = 50_000
/** So that no line is too long for whoever reads it. */
const NAMES_A_LINE = 100

/** Null for a name that the form can't hold. */
export function inputsText({ files }: BuildInputs): string | null {
  const byFolder = new Map<string, string[]>()
  for (const file of [...files].sort()) {
    if (/[\s:]/.test(file)) return null
    const { folder, name } = splitPath(file)
    const its = byFolder.get(folder)
    if (its) its.push(name)
    else byFolder.set(folder, [name])
  }
  return [...byFolder].map(([folder, its]) => linesOfFolder(folder, its)).join('')
}

function linesOfFolder(folder: string, names: readonly string[]): string {
  let lines = ''
  for (let from = 0; from < names.length; from += NAMES_A_LINE) {
    lines += `${folder}/: ${names.slice(from, from + NAMES_A_LINE).join(' ')}\n`
  }
  return lines
}

/** Null where the text is none of ours, or is cut. */
export function parseInputs(text: string): BuildInputs | null {
  if (text === '' || !text.endsWith('\n')) return null
  const files: string[] = []
  for (const line of linesOf(text, LONGEST_VALUE_LINE)) {
    const colon = line.indexOf('/: ')
    if (colon < 0 || line.length === LONGEST_VALUE_LINE) return null
    const folder = line.slice(0, colon)
    for (const name of line.slice(colon + '/: '.length).split(' ')) {
      files.push(folder === '' ? name : `${folder}/${name}`)
    }
    if (files.length > MOST_FILES) return null
  }
  return inputsOf(files)
}

export function splitPath(file: string): { readonly folder: string; readonly name: string } {
  const slash = file.lastIndexOf('/')
  return { folder: slash < 0 ? '' : file.slice(0, slash), name: file.slice(slash + 1) }
}
