/**
 * What is taken from a build's output folder: sizes, symbols, configuration, default environment, and
 * the outputs themselves where they are to be kept (reference, sections 4 and 5).
 */
import { constants } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { linesOf } from '../../src-core/basics/lines.ts'
import { sha256OfFile } from '../../src-system/file-digest.ts'
import { removeStamp } from './build-folder.ts'
import { type CollectTools, fileThere } from './collect-tools.ts'
import { defaultEnvironment } from './default-environment.ts'
import { askAboutImages, type ImageWords } from './image-words.ts'

const images = ['u-boot', 'spl/u-boot-spl', 'tpl/u-boot-tpl']

/** They would pass for results of a build that did not make them. */
export async function removeStaleImages(outDir: string): Promise<void> {
  await Promise.all(images.map((image) => rm(join(outDir, image), { force: true })))
}

/** The same for all that `-k` would keep, where the folder was another board's. */
export async function removeStaleOutputs(outDir: string): Promise<void> {
  const outputs = await listOutputs(outDir)
  await Promise.all(outputs.map((path) => rm(join(outDir, path), { force: true })))
}

export type Collected = {
  /** A line an image; empty if there is none. */
  readonly sizes: string
  /** Symbol sizes, section headers and environment: file name in the board's folder -> text. */
  readonly files: Readonly<Record<string, string>>
}

/** Asks the toolchain's own tools; one that is missing or fails just has nothing to say. */
export async function collectImages(outDir: string, tools: CollectTools): Promise<Collected> {
  const found = await Promise.all(images.map((image) => fileThere(join(outDir, image))))
  const present = images.filter((_, i) => found[i])
  const said = await askAboutImages(outDir, present, tools)
  const env = await defaultEnvironment(outDir, tools, said[present.indexOf('u-boot')] ?? null)
  const sizes = said.map(({ size, sections }) => sizeLine(size, sections))
  return {
    sizes: sizes.filter((line) => line !== '').join('\n'),
    files: Object.assign({}, ...present.map((image, i) => imageFiles(image, said[i])), env),
  }
}

function imageFiles(image: string, said: ImageWords | undefined): Record<string, string> {
  const name = image.replaceAll('/', '-')
  return {
    ...(said?.symbols && { [`${name}.sizes`]: withoutAddresses(said.symbols) }),
    ...(said?.sections && { [`${name}.objdump`]: said.sections }),
  }
}

/** As `nm --size-sort` says it without `-S`. */
function withoutAddresses(symbols: string): string {
  return symbols.replace(/^[0-9a-f]+ /gm, '')
}

/** The data line of `size`, a space, and the size of `.rodata` in hex (empty if it has none). */
export function sizeLine(size: string, objdump: string): string {
  const [, data] = linesOf(size)
  if (!data) return ''
  const headers = [...linesOf(objdump)].map((line) => line.trim().split(/\s+/))
  const rodata = headers.find((fields) => fields.length > 5 && fields[1] === '.rodata')?.[2] ?? ''
  return `${data} ${rodata}`
}

const configurationFiles = [
  'u-boot.cfg',
  'spl/u-boot-spl.cfg',
  'tpl/u-boot-tpl.cfg',
  '.config',
  'include/autoconf.mk',
  'include/generated/autoconf.h',
]

/** Configuration files by the name that they get in the board's folder. */
export async function collectConfiguration(outDir: string): Promise<Record<string, string>> {
  const wanted = ['', 'spl', 'tpl'].flatMap((folder) =>
    configurationFiles.map((path) => ({ path: join(folder, path), name: copyName(path, folder) })),
  )
  const texts = await Promise.all(wanted.map(({ path }) => readText(join(outDir, path))))
  const found = wanted.flatMap(({ name }, i) => {
    const text = texts[i]
    return typeof text === 'string' ? [[name, text] as const] : []
  })
  return Object.fromEntries(found)
}

/** Files of `spl/` and `tpl/` gain `-spl` or `-tpl` before their extension: `autoconf-spl.mk`. */
export function copyName(path: string, folder: string): string {
  const leaf = path.slice(path.lastIndexOf('/') + 1)
  if (folder === '') return leaf
  const dot = leaf.lastIndexOf('.')
  const at = dot > 0 ? dot : leaf.length
  return `${leaf.slice(0, at)}-${folder}${leaf.slice(at)}`
}

/** Folder of the build -> names in it that `-k` keeps. */
const keptNames: Readonly<Record<string, RegExp>> = {
  '': /^u-boot|^MLO$|^SPL$|\.(map|bin|rom|itb|img)(_unsigned)?$/,
  include: /^autoconf\.mk$/,
  spl: /^u-boot-spl/,
  tpl: /^u-boot-tpl/,
  vpl: /^u-boot-vpl/,
}

export type KeptFile = { readonly path: string; readonly size: number; readonly sha256: string }

/** Copies what `-k` keeps to `target`, replacing what was there; tells what it copied. */
export async function keepOutputs(outDir: string, target: string): Promise<KeptFile[]> {
  await rm(target, { recursive: true, force: true })
  const kept: KeptFile[] = []
  for (const path of await listOutputs(outDir)) {
    const copy = join(target, path)
    await mkdir(dirname(copy), { recursive: true })
    await copyFile(join(outDir, path), copy, constants.COPYFILE_FICLONE)
    const { size } = await stat(copy)
    kept.push({ path, size, sha256: await sha256OfFile(copy) })
  }
  return kept
}

/** Holds a copy until it is whole; on the file system of the folder that it is for. */
const UNFINISHED = '.slipway-copy'

/**
 * What a configuration was made from, by paths from where that was done: make stops anywhere else, and
 * configures anew where there is no such list.
 */
const pathsFromThere = ['include/autoconf.mk.dep', 'include/config/auto.conf.cmd']

/**
 * Copies a whole build folder into another one, beside what is there, so that make can go on in it.
 * Throws if it can't; then no file there is half of one, and no `done` of an earlier build speaks for what is there.
 */
export async function copyBuildFolder(
  outDir: string,
  target: string,
  { children, env, slot }: Pick<CollectTools, 'children' | 'env' | 'slot'>,
): Promise<void> {
  const copy = join(target, UNFINISHED)
  await rm(join(target, 'done'), { force: true })
  // Of a worker that was killed.
  await rm(copy, { recursive: true, force: true })
  await mkdir(copy, { recursive: true })
  try {
    // Thousands of files: cp is far quicker than we are.
    const argv = ['cp', '-RPp', `${outDir}/.`, copy]
    const said = await children.capture(argv, { cwd: '/', env, slot })
    if (said.code !== 0) throw new Error(`can't copy ${outDir} to ${target}: ${said.stderr.trim()}`)
    await removeStamp(copy)
    await moveInto(copy, target)
    await Promise.all(pathsFromThere.map((path) => rm(join(target, path), { force: true })))
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** Moves what a folder holds into another one; folders that both have become one. */
async function moveInto(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory() && (await isFolder(target))) await moveInto(source, target)
    else await rename(source, target)
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

async function listOutputs(outDir: string): Promise<string[]> {
  const lists = Object.entries(keptNames).map(([folder, names]) => matching(outDir, folder, names))
  return (await Promise.all(lists)).flat()
}

async function matching(outDir: string, folder: string, names: RegExp): Promise<string[]> {
  const entries = await readdir(join(outDir, folder), { withFileTypes: true }).catch(() => [])
  return entries.filter((e) => e.isFile() && names.test(e.name)).map((e) => join(folder, e.name))
}

/** A larger file is no configuration; it would only clog the line. */
const MAX_FILE_BYTES = 4 * 1024 * 1024

async function readText(path: string): Promise<string | null> {
  const found = await fileThere(path)
  if (!found || found.size > MAX_FILE_BYTES) return null
  return readFile(path, 'utf8').catch(() => null)
}
