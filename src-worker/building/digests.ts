/**
 * What a build made, by digests: every object, device tree and image, its configuration and the headers
 * that were generated. As the file `digests` of a board's folder: a line as `sha256sum` writes it for each
 * file, and below that of an ELF file a line for each section, which begins with a space.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isImageFile } from '../../src-core/basics/image-file.ts'
import { sha256OfFile } from '../../src-system/file-digest.ts'
import { fileThere } from './collect-tools.ts'
import { elfSections } from './elf-sections.ts'

/** U-Boot's largest boards make about 3,000. */
const MOST_FILES = 20_000
const LONGEST_PATH = 255
const MOST_FOLDERS_DEEP = 16
/** Beyond this a file is not taken apart, and sections are no longer told. Bytes; characters. */
const LARGEST_FILE = 128 * 1024 * 1024
const LONGEST_TEXT = 3 * 1024 * 1024

const madeByName = /\.(?:o|dtb|dtbo)$/
const madeByPath = /^\.config$|^include\/generated\/.*\.h$/

/** Empty where the build made nothing. */
export async function digestsText(outDir: string): Promise<string> {
  const paths = await madeFiles(outDir, outDir, MOST_FOLDERS_DEEP)
  let text = ''
  for (const path of paths.sort().slice(0, MOST_FILES)) {
    // A host program that runs beyond its make may still remove what it made.
    text += await fileText(outDir, path, text.length < LONGEST_TEXT).catch(() => '')
  }
  return text
}

async function madeFiles(top: string, folder: string, deep: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const lists = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return deep > 0 ? madeFiles(top, path, deep - 1) : []
    const { name } = entry
    const below = relative(top, path)
    const isNamedSo = name[0] !== '.' && (madeByName.test(name) || isImageFile(name))
    const isMade = isNamedSo || madeByPath.test(below)
    return entry.isFile() && isMade && isPlain(below) ? [below] : []
  })
  return (await Promise.all(lists)).flat()
}

/** A name that breaks the lines of the text is nobody's. */
function isPlain(path: string): boolean {
  return path.length <= LONGEST_PATH && !/[\0-\x1f\x7f]/.test(path)
}

async function fileText(outDir: string, path: string, withSections: boolean): Promise<string> {
  const file = join(outDir, path)
  const found = await fileThere(file)
  if (found === null) return ''
  if (found.size > LARGEST_FILE) return `${await sha256OfFile(file)}  ${path}\n`
  const content = await readFile(file)
  const sections = withSections ? elfSections(content) : null
  // Older trees name archives so, which hold the times and places of their members.
  if (withSections && sections === null && path.endsWith('.o')) return ''
  const lines = (sections ?? []).map(
    ({ digest, loaded, name }) => ` ${digest} ${loaded ? 'loaded' : 'beside'} ${name}\n`,
  )
  return `${createHash('sha256').update(content).digest('hex')}  ${path}\n${lines.join('')}`
}
