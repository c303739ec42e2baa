/** Which firmware the device trees of a board name, with all that they include. */
import path from 'node:path'
import { ownValue } from '../../src-core/basics/own-value.ts'
import {
  blobsNamedIn,
  type ConfigLookup,
  mentionsBlobs,
  type NeededBlob,
} from '../../src-core/blobs/needed-blobs.ts'
import type { Board } from '../../src-core/model.ts'
import { blobSymbols } from '../tree/boards/blob-symbols.ts'
import { includesOf } from '../tree/boards/device-tree-includes.ts'
import { archFolder } from '../tree/boards/touched-boards.ts'
import { readRegularFile } from '../tree/read-regular-file.ts'
import { insideTree } from '../tree/tree-files.ts'

/** What the images of a board need. */
export type BoardNeeds = {
  readonly blobs: readonly NeededBlob[]
  /** False where the images may need more than what device trees name. */
  readonly isKnown: boolean
}

/** What the board list knows of a board beside its columns. */
export type BoardSymbols = {
  /** By target: names of the device trees that it is built with, separated by spaces. */
  readonly deviceTrees: Readonly<Record<string, string>>
  /** By target: values of `blobSymbols` that are set. */
  readonly blobSymbols: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Files that one board's device trees may take in; U-Boot's most has about 60. */
const mostFiles = 500

type Source = { readonly text: string; readonly includes: readonly string[] }

/** Reads each file of a tree once, for as long as one question takes. */
export class DeviceTreeBlobs {
  readonly #treeDir: string
  readonly #symbols: BoardSymbols
  readonly #sources = new Map<string, Promise<Source | null>>()

  constructor(treeDir: string, symbols: BoardSymbols) {
    this.#treeDir = treeDir
    this.#symbols = symbols
  }

  async needsOf(board: Board): Promise<BoardNeeds> {
    const target = board.extended?.base ?? board.target
    const symbols = ownValue(this.#symbols.blobSymbols, target) ?? {}
    const names =
      ownValue(this.#symbols.deviceTrees, target)
        ?.split(' ')
        .filter((name) => name !== '') ?? []
    const found = new Map<string, NeededBlob>()
    // A script of the tree makes the image, and takes what it likes.
    let isKnown = symbols.SPL_FIT_GENERATOR === undefined
    const seen = new Set<string>()
    for (const name of names) {
      const top = await this.#find(name, board)
      if (top === null) isKnown = false
      else await this.#gather(top, board, seen)
    }
    const config = lookupFor(board, symbols)
    for (const file of seen) {
      const source = await this.#read(file)
      if (source === null || source.text === '') continue
      for (const blob of blobsNamedIn(source.text, config)) {
        const optional = blob.optional && (found.get(blob.name)?.optional ?? true)
        found.set(blob.name, { ...blob, optional })
      }
    }
    return { blobs: [...found.values()], isKnown }
  }

  /** The device tree's file; null where the tree does not have it. */
  async #find(name: string, { arch }: Board): Promise<string | null> {
    const folder = archFolder(arch)
    const upstream = arch === 'aarch64' ? 'arm64' : folder
    for (const place of [`arch/${folder}/dts`, `dts/upstream/src/${upstream}`]) {
      const file = insideTree(`${place}/${name}.dts`)
      if (file !== null && (await this.#read(file)) !== null) return file
    }
    return null
  }

  /** Follows all includes of the file, and of the one that the build adds by itself. */
  async #gather(top: string, board: Board, seen: Set<string>): Promise<void> {
    const added = await this.#addedTo(top, board)
    const open = added === null ? [top] : [top, added]
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file) || seen.size >= mostFiles) continue
      seen.add(file)
      for (const include of (await this.#read(file))?.includes ?? []) {
        const place = await this.#included(file, include, board)
        if (place !== null) open.push(place)
      }
    }
  }

  /** `NAME-u-boot.dtsi` and the like: the first that there is. */
  async #addedTo(file: string, { arch, soc, cpu, vendor }: Board): Promise<string | null> {
    const own = path.posix.basename(file, '.dts')
    const folders = [path.posix.dirname(file), `arch/${archFolder(arch)}/dts`]
    for (const name of [own, soc, cpu, vendor].filter((each) => each !== '')) {
      for (const folder of folders) {
        const place = insideTree(`${folder}/${name}-u-boot.dtsi`)
        if (place !== null && (await this.#read(place)) !== null) return place
      }
    }
    const place = `${folders[1]}/u-boot.dtsi`
    return (await this.#read(place)) === null ? null : place
  }

  async #included(file: string, include: string, { arch }: Board): Promise<string | null> {
    // Headers hold numbers, and there are thousands of them.
    if (!/\.dtsi?$/.test(include)) return null
    for (const folder of [path.posix.dirname(file), `arch/${archFolder(arch)}/dts`]) {
      const place = insideTree(`${folder}/${include}`)
      if (place !== null && (await this.#read(place)) !== null) return place
    }
    return null
  }

  #read(file: string): Promise<Source | null> {
    const known = this.#sources.get(file) ?? this.#readNow(file)
    this.#sources.set(file, known)
    return known
  }

  /** The text is kept only where it may name firmware. */
  async #readNow(file: string): Promise<Source | null> {
    const text = await readRegularFile(path.join(this.#treeDir, file))
    if (text === null) return null
    return { text: mentionsBlobs(text) ? text : '', includes: includesOf(text) }
  }
}

/** What the board list says of a symbol; undefined for one that it does not follow. */
function lookupFor({ arch }: Board, symbols: Readonly<Record<string, string>>): ConfigLookup {
  const folder = archFolder(arch)
  const known: Readonly<Record<string, string>> = {
    ARM64: arch === 'aarch64' ? 'y' : '',
    ARM: folder === 'arm' ? 'y' : '',
    RISCV: folder === 'riscv' ? 'y' : '',
    X86: folder === 'x86' ? 'y' : '',
  }
  return (symbol) => {
    const name = symbol.slice('CONFIG_'.length)
    return (
      ownValue(known, name) ?? ownValue(symbols, name) ?? (blobSymbols.has(name) ? '' : undefined)
    )
  }
}
