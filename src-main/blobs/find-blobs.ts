/**
 * Which firmware of others the boards of a run need, where it lies on this computer, and what of it has to be
 * sent: what variables of make name, what `[blobs]` names, and what git ignores in the tree where a series
 * is built.
 */
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileVariables, folderVariables } from '../../src-core/blobs/blob-kinds.ts'
import type { PlannedBlob, TakenBlob } from '../../src-core/blobs/board-blobs.ts'
import type { NeededBlob } from '../../src-core/blobs/needed-blobs.ts'
import type { Board } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { makeFlagsFor } from '../buildman-config/make-flags.ts'
import type { BuildmanConfig } from '../buildman-config/read-config.ts'
import { BlobError, type BlobFile, type BlobFiles, type FolderFile } from './blob-files.ts'
import { BlobPlaces, type FoundPlace } from './blob-places.ts'
import { type BoardNeeds, type BoardSymbols, DeviceTreeBlobs } from './device-tree-blobs.ts'
import { blobsSaidFor, type SaidBlobs } from './said-blobs.ts'

export type BlobQuestion = {
  readonly treeDir: string
  readonly boards: readonly Board[]
  readonly symbols: BoardSymbols
  readonly config: Pick<BuildmanConfig, 'blobs' | 'makeFlags'>
  /** Of the environment and the command line. */
  readonly said: SaidBlobs
  /** Files that git ignores, which a series of commits lacks; null for the current source, which has them. */
  readonly absentFiles: readonly string[] | null
  /** By target: what boards are known to need, which is not looked up again. What is found out is added. */
  readonly needs?: Map<string, BoardNeeds>
}

/** After so many boards others get their turn: a thousand take half a second. */
const boardsATurn = 40

/** What a variable of make is to name on a machine. */
export type BlobSource =
  | { readonly kind: 'file'; readonly file: BlobFile }
  | { readonly kind: 'folder'; readonly files: readonly FolderFile[] }

/** What one board gets. */
export type BoardBlobs = {
  /** By variable of make. */
  readonly sources: ReadonlyMap<string, readonly BlobSource[]>
  /** Words for make that name nothing to send. */
  readonly makeFlags: readonly string[]
  /** In order of their names. */
  readonly taken: readonly TakenBlob[]
}

export type FoundBlobs = {
  readonly ofBoard: ReadonlyMap<string, BoardBlobs>
  readonly planned: readonly PlannedBlob[]
  readonly notes: readonly string[]
}

/** Fails where what is needed is larger than the bounds of `[blobs]` allow. */
export async function findBlobs(
  question: BlobQuestion,
  files: BlobFiles,
): Promise<Result<FoundBlobs>> {
  try {
    return await new BlobSearch(question, files).run()
  } catch (error) {
    if (error instanceof BlobError) return fail(error.message, error.hint)
    throw error
  }
}

class BlobSearch {
  readonly #question: BlobQuestion
  readonly #files: BlobFiles
  readonly #places: BlobPlaces
  readonly #notes = new Set<string>()
  readonly #planned = new Map<string, PlannedBlob & { readonly boards: string[] }>()

  constructor(question: BlobQuestion, files: BlobFiles) {
    this.#question = question
    this.#files = files
    this.#places = new BlobPlaces(question, files)
  }

  async run(): Promise<Result<FoundBlobs>> {
    const needs = await this.#needsOfAll()
    this.#places.onlyNeeded = new Set(
      [...needs.values()].flatMap(({ blobs }) => blobs.map(({ name }) => name)),
    )
    const ofBoard = new Map<string, BoardBlobs>()
    for (const [board, its] of needs) ofBoard.set(board.target, await this.#findFor(board, its))
    const planned = [...this.#planned.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const note of this.#places.notes) this.#notes.add(note)
    const problem = this.#tooMuch(ofBoard)
    return problem ?? ok({ ofBoard, planned, notes: [...this.#notes] })
  }

  async #needsOfAll(): Promise<ReadonlyMap<Board, BoardNeeds>> {
    const { treeDir, boards, symbols, needs: known = new Map() } = this.#question
    const trees = new DeviceTreeBlobs(treeDir, symbols)
    const needs = new Map<Board, BoardNeeds>()
    let looked = 0
    for (const board of boards) {
      const its = known.get(board.target) ?? (await trees.needsOf(board))
      if (!known.has(board.target)) {
        looked += 1
        known.set(board.target, its)
        if (looked % boardsATurn === 0) await setImmediate()
      }
      needs.set(board, its)
    }
    return needs
  }

  async #findFor(board: Board, needs: BoardNeeds): Promise<BoardBlobs> {
    const { said, others } = blobsSaidFor(
      this.#question.said,
      makeFlagsFor(this.#question.config, board.target),
    )
    const makeFlags = [...others]
    const sources = new Map<string, BlobSource[]>()
    const taken = new Map<string, TakenBlob>()
    const broken = new Set<string>()
    for (const [variable, { value, from }] of said) {
      if (!concerns(variable, needs)) continue
      const found = await this.#sourcesOf(variable, value, from)
      if (found.length > 0) sources.set(variable, found)
      else {
        // make then says of the very name that it is not there.
        makeFlags.push(`${variable}=${value}`)
        broken.add(variable)
      }
    }
    const loose: FolderFile[] = []
    for (const need of needs.blobs) {
      const place = await this.#placeOf(need, board, { said, sources, broken })
      this.#plan(need, board, place?.from ?? '')
      if (!place || place.file === '') continue
      const file = await this.#read(place.file)
      const { name, variable } = need
      taken.set(name, { name, variable, path: file.path, sha256: file.sha256 })
      if (place.isSent) continue
      if (variable === '') loose.push({ ...file, name })
      else sources.set(variable, [{ kind: 'file', file }])
    }
    if (loose.length > 0) {
      const folders = sources.get('BINMAN_INDIRS') ?? []
      sources.set('BINMAN_INDIRS', [...folders, { kind: 'folder', files: loose }])
    }
    for (const blob of namedBlobs(sources, needs)) taken.set(blob.name, blob)
    const inOrder = [...taken.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    return { sources, makeFlags, taken: inOrder }
  }

  /** What a variable names; empty, with a note, where that can't be sent. */
  async #sourcesOf(variable: string, value: string, from: string): Promise<BlobSource[]> {
    const isList = folderVariables.includes(variable)
    const names = isList ? value.split(/\s+/) : [value]
    const found: BlobSource[] = []
    for (const name of names) {
      const place = path.resolve(this.#question.treeDir, name)
      const { kind, ...rest } = await this.#files.look(place)
      if (kind === 'file' && !isList) {
        found.push({ kind, file: await this.#read(place) })
      } else if (kind === 'folder' && isList) {
        found.push({ kind, files: await this.#places.filesBelow(place, from) })
      } else {
        const why = 'why' in rest ? rest.why : `is a ${kind}`
        this.#notes.add(`${from} names ${place}, which ${why}: boards that need it fail`)
        return []
      }
    }
    return found
  }

  async #placeOf(
    need: NeededBlob,
    board: Board,
    { said, sources, broken }: Named,
  ): Promise<FoundPlace | null> {
    const { variable } = need
    const own = sources.get(variable)?.[0]
    if (own?.kind === 'file') {
      return { file: own.file.path, from: said.get(variable)?.from ?? variable, isSent: true }
    }
    if (broken.has(variable)) return null
    const folders = sources.get('BINMAN_INDIRS') ?? []
    return this.#places.find(need, board, folders)
  }

  #read(file: string): Promise<BlobFile> {
    return this.#files.read(file, this.#question.config.blobs.maxFileMb)
  }

  #plan(need: NeededBlob, { target }: Board, from: string): void {
    const key = [need.name, from, need.optional].join('\0')
    const planned = this.#planned.get(key) ?? { ...need, from, boards: [] }
    planned.boards.push(target)
    this.#planned.set(key, planned)
  }

  #tooMuch(ofBoard: ReadonlyMap<string, BoardBlobs>): Result<never> | null {
    const sizes = new Map<string, number>()
    for (const { sources } of ofBoard.values()) {
      for (const file of [...sources.values()].flat().flatMap(filesOf)) {
        sizes.set(file.sha256, file.size)
      }
    }
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    const { maxMb } = this.#question.config.blobs
    if (bytes <= maxMb * 2 ** 20) return null
    return fail(
      `The firmware that these boards take comes to ${Math.ceil(bytes / 2 ** 20)} MB, more than the ${maxMb} MB of a run`,
      'Set max_mb in [blobs] of ~/.buildman if it is meant, or name smaller folders',
    )
  }
}

/** What variables name for a board. */
type Named = {
  readonly said: SaidBlobs
  readonly sources: ReadonlyMap<string, readonly BlobSource[]>
  /** Variables that name what is not there. */
  readonly broken: ReadonlySet<string>
}

export function filesOf(source: BlobSource): readonly BlobFile[] {
  return source.kind === 'file' ? [source.file] : source.files
}

/** Whether a variable may change a board's images; where that is not known it may. */
function concerns(variable: string, { blobs, isKnown }: BoardNeeds): boolean {
  if (!isKnown || blobs.some((need) => need.variable === variable)) return true
  const isOfOneKind = fileVariables.includes(variable) && variable !== 'BL32'
  return !isOfOneKind && blobs.length > 0
}

/** What variables name beside the needs that are known: of a board whose needs are not, all of it. */
function namedBlobs(
  sources: ReadonlyMap<string, readonly BlobSource[]>,
  { blobs, isKnown }: BoardNeeds,
): TakenBlob[] {
  const known = new Set(blobs.map(({ variable }) => variable))
  return [...sources].flatMap(([variable, all]) =>
    all.flatMap((source): TakenBlob[] => {
      if (source.kind === 'folder') {
        if (isKnown) return []
        return source.files.map(({ name, path: file, sha256 }) => ({
          name,
          variable: '',
          path: file,
          sha256,
        }))
      }
      if (known.has(variable)) return []
      const { path: file, sha256 } = source.file
      return [{ name: path.basename(file), variable, path: file, sha256 }]
    }),
  )
}
