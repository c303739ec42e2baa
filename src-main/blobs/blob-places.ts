/** Where a needed file of firmware lies: in the tree, where `[blobs]` says, or in a folder. */
import path from 'node:path'
import type { BlobRules } from '../../src-core/blobs/blob-rules.ts'
import type { NeededBlob } from '../../src-core/blobs/needed-blobs.ts'
import type { Board } from '../../src-core/model.ts'
import { archFolder } from '../tree/boards/touched-boards.ts'
import { compileGlob } from '../tree/glob.ts'
import type { BlobFiles, FolderFile } from './blob-files.ts'

export type FoundPlace = {
  /** Absolute; empty where it is part of the source. */
  readonly file: string
  /** For a person. */
  readonly from: string
  /** It goes to the machines already, as what a variable names. */
  readonly isSent: boolean
}

export type BlobPlacesOptions = {
  readonly treeDir: string
  readonly config: { readonly blobs: BlobRules }
  /** Files that git ignores, which a series of commits lacks; null for the current source, which has them. */
  readonly absentFiles: readonly string[] | null
}

/** Folders that a variable names, as they are to be sent. */
type NamedFolder = { readonly kind: string; readonly files?: readonly FolderFile[] }

/** For one question: what it has listed and read, it does not look at again. */
export class BlobPlaces {
  /** All that boards of the run need: taken of a folder that is too large to be taken whole. */
  onlyNeeded: ReadonlySet<string> = new Set()
  readonly notes = new Set<string>()
  readonly #options: BlobPlacesOptions
  readonly #files: BlobFiles
  readonly #absent: ReadonlySet<string>
  readonly #listed = new Map<string, Promise<readonly FolderFile[]>>()

  constructor(options: BlobPlacesOptions, files: BlobFiles) {
    this.#options = options
    this.#files = files
    this.#absent = new Set(options.absentFiles ?? [])
  }

  async find(
    need: NeededBlob,
    board: Board,
    folders: readonly NamedFolder[],
  ): Promise<FoundPlace | null> {
    // A variable wins over what lies in the tree, a folder does not: binman looks there first.
    const ruled = await this.#ruled(need, board)
    const inTree = await this.#inTree(need, board)
    const chosen = need.variable === '' ? (inTree ?? ruled) : (ruled ?? inTree)
    if (chosen) return chosen
    const named = folders.flatMap(({ files = [] }) => files).find(({ name }) => name === need.name)
    if (named) return { file: named.path, from: 'BINMAN_INDIRS', isSent: true }
    return this.#inFolders(need, board)
  }

  /** Files of a folder that a variable names: all of them, or those that boards need where it is too large. */
  filesBelow(folder: string, from: string): Promise<readonly FolderFile[]> {
    const known = this.#listed.get(folder) ?? this.#readFolder(folder, from)
    this.#listed.set(folder, known)
    return known
  }

  async #readFolder(folder: string, from: string): Promise<readonly FolderFile[]> {
    const { maxMb, maxFileMb } = this.#options.config.blobs
    const listed = await this.#files.list(folder)
    const bytes = listed?.reduce((sum, { size }) => sum + size, 0) ?? 0
    const isWhole =
      listed !== null &&
      bytes <= maxMb * 2 ** 20 &&
      listed.every(({ size }) => size <= maxFileMb * 2 ** 20)
    const names = isWhole ? listed.map(({ name }) => name) : [...this.onlyNeeded]
    if (!isWhole) {
      this.notes.add(
        `${from} names ${folder}, which is too large to be sent whole (${maxMb} MB a run, ${maxFileMb} MB a file): of it only the files go along that device trees name`,
      )
    }
    const files: FolderFile[] = []
    for (const name of names) {
      const file = path.join(folder, name)
      if (!isWhole && !(await this.#files.isFile(file))) continue
      files.push({ ...(await this.#files.read(file, maxFileMb)), name })
    }
    return files
  }

  async #inTree({ name }: NeededBlob, board: Board): Promise<FoundPlace | null> {
    const { treeDir, absentFiles } = this.#options
    for (const folder of treeFoldersOf(board)) {
      const inTree = folder === '' ? name : `${folder}/${name}`
      const file = path.join(treeDir, inTree)
      if (!(await this.#files.isFile(file))) continue
      if (absentFiles === null) return { file: '', from: `${inTree} in the tree`, isSent: true }
      return this.#absent.has(inTree)
        ? { file, from: `${inTree} in the working tree, which git ignores`, isSent: false }
        : { file: '', from: `${inTree} in the tree`, isSent: true }
    }
    return null
  }

  /** The first line of `[blobs]` that fits: those of the board before those of its SoC, and those of all. */
  async #ruled({ name, variable }: NeededBlob, board: Board): Promise<FoundPlace | null> {
    const { treeDir, config } = this.#options
    const names = [name, path.posix.basename(name), variable].map((one) => one.toLowerCase())
    for (const only of scopesOf(board)) {
      for (const rule of config.blobs.rules) {
        const fits = compileGlob(rule.pattern)
        if (rule.only !== only || !names.some((one) => one !== '' && fits(one))) continue
        const place = path.resolve(treeDir, rule.path)
        const found = await this.#files.look(place)
        const file = found.kind === 'folder' ? path.join(place, name) : place
        if (await this.#files.isFile(file))
          return { file, from: `${file} of [blobs]`, isSent: false }
        const why = found.kind === 'none' ? found.why : `has no ${name}`
        this.notes.add(`[blobs] names ${place} for ${name}, which ${why}`)
      }
    }
    return null
  }

  async #inFolders({ name }: NeededBlob, board: Board): Promise<FoundPlace | null> {
    const { treeDir, config } = this.#options
    for (const only of scopesOf(board)) {
      for (const folder of config.blobs.folders.filter((one) => one.only === only)) {
        const file = path.resolve(treeDir, folder.path, name)
        if (await this.#files.isFile(file))
          return { file, from: `${file} of [blobs]`, isSent: false }
      }
    }
    return null
  }
}

function scopesOf({ target, soc, extended }: Board): string[] {
  return [target, ...(extended ? [extended.base] : []), ...(soc === '' ? [] : [soc]), '']
}

/** Folders of a tree where binman looks, of one board. */
function treeFoldersOf({ arch, vendor, board }: Board): string[] {
  const own = vendor === '' ? `board/${board}` : `board/${vendor}/${board}`
  return ['', ...(board === '' ? [] : [own]), `arch/${archFolder(arch)}/dts`]
}
