/** What a build made, as its worker noted it: see the file `digests` in docs/results.md. Pure. */
import { isImageFile } from '../basics/image-file.ts'
import { linesOf } from '../basics/lines.ts'

/** A section of an ELF file. */
export type BuiltSection = {
  readonly name: string
  /** It takes part in the program, and does not only tell of it. */
  readonly loaded: boolean
  readonly digest: string
}

export type BuiltFile = {
  /** Below the build folder. */
  readonly path: string
  readonly sha256: string
  /** Of an ELF file that was taken apart; else empty. */
  readonly sections: readonly BuiltSection[]
}

/** More than a worker notes. */
const mostFiles = 20_000
const mostSections = 5000

/** Lines that make no sense are passed by: the text comes from a machine. */
export function parseDigests(text: string): readonly BuiltFile[] {
  const files: { path: string; sha256: string; sections: BuiltSection[] }[] = []
  for (const line of linesOf(text)) {
    const file = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line)
    if (file) {
      if (files.length >= mostFiles) break
      files.push({ path: file[2] ?? '', sha256: file[1] ?? '', sections: [] })
      continue
    }
    const section = /^ ([0-9a-f]{8}) (loaded|beside) (.*)$/.exec(line)
    const sections = files.at(-1)?.sections
    if (!section || !sections || sections.length >= mostSections) continue
    const [, digest = '', how, name = ''] = section
    sections.push({ name, loaded: how === 'loaded', digest })
  }
  return files
}

/** What a file is to a build, in the order in which one is made from another. */
export const fileKinds = [
  'configuration',
  'header',
  'device tree',
  'object',
  'host object',
  'image',
] as const
export type FileKind = (typeof fileKinds)[number]

/** Programs of the build itself, which run on the machine that builds. */
const hostFolder = /^(?:tools|scripts)\//

export function kindOf(path: string): FileKind {
  if (path === '.config') return 'configuration'
  if (path.endsWith('.h')) return 'header'
  if (/\.dtbo?$/.test(path)) return 'device tree'
  if (hostFolder.test(path)) return 'host object'
  return isImageFile(path) ? 'image' : 'object'
}

/** Nothing of the program depends on it, although it is loaded: a hash of all else in the file. */
const buildId = '.note.gnu.build-id'

/** Whether a section is part of what a program does. */
export function isOfProgram({ loaded, name }: BuiltSection): boolean {
  return loaded && name !== buildId
}

/**
 * What a file is for a board: two with the same one do the same, whatever their debug information says.
 */
export function contentOf({ sha256, sections }: BuiltFile): string {
  if (sections.length === 0) return sha256
  const digests = sections.filter(isOfProgram).map(({ name, digest }) => `${name} ${digest}`)
  return digests.sort().join('\n')
}

/** The same of all images of a build; empty where it made none. */
export function imagesOf(files: readonly BuiltFile[]): string {
  return files
    .filter(({ path }) => kindOf(path) === 'image')
    .map((file) => `${file.path}\n${contentOf(file)}\n`)
    .sort()
    .join('')
}
