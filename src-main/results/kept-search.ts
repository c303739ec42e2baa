/** Searches for commits, each in a file beside the log of its run: what outlives the program that did them. */
import { type KeptSearch, keptSearch } from '../../src-core/bisect/kept-search.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { messageOf } from '../error-text.ts'
import { type JsonFile, readJsonFile, setAside, writeJsonFile } from '../json-file.ts'
import { sparseTelling } from '../sparse-telling.ts'
import { runLogPath } from './run-log.ts'

/** Bytes. A longer file is none of ours. */
const longestFile = 64 * 1024 * 1024

/** Where a search is kept; `base` is the folder that holds the commit folders of its run. */
function searchPath(base: string, runId: string): string {
  return runLogPath(base, runId).replace(/\.jsonl$/, '.search.json')
}

/** Null where nothing is kept of it. A damaged file is set aside, and that is said. */
export async function readSearch(base: string, runId: string): Promise<Result<KeptSearch | null>> {
  const file = searchPath(base, runId)
  const read = await readJsonFile(file, longestFile)
  if (read.kind === 'absent') return ok(null)
  if (read.kind === 'damaged') return damaged(file, read)
  const parsed = keptSearch.safeParse(read.value)
  if (parsed.success && parsed.data.progress.runId === runId) return ok(parsed.data)
  return damaged(file, await setAside(file, 'it is not of the form that this version writes'))
}

function damaged(
  file: string,
  { why, keptAs }: Extract<JsonFile, { kind: 'damaged' }>,
): Result<never> {
  return fail(
    `What was kept of a search for a commit is damaged: ${file} (${why})`,
    `It was set aside as ${keptAs}; builds are not lost`,
  )
}

/** Writes a search whenever it has changed: one write after the other, the last state last. */
export class SearchKeeper {
  readonly #file: string
  readonly #search: () => KeptSearch
  #isStale = false
  #written: Result<void> = ok(undefined)
  #writing: Promise<void> | null = null
  readonly #telling = sparseTelling(() => void this.#write())

  constructor(base: string, runId: string, search: () => KeptSearch) {
    this.#file = searchPath(base, runId)
    this.#search = search
  }

  /** With further changes of the moment. */
  soon(): void {
    this.#telling.soon()
  }

  /** Settles when it is written. Where it can't be, the next start knows builds, and no marks. */
  async now(): Promise<Result<void>> {
    this.#telling.now()
    await this.#writing
    return this.#written
  }

  #write(): Promise<void> {
    this.#isStale = true
    this.#writing ??= this.#writeAll()
    return this.#writing
  }

  async #writeAll(): Promise<void> {
    // The promise must be known before it is forgotten.
    await Promise.resolve()
    while (this.#isStale) {
      this.#isStale = false
      this.#written = await writeJsonFile(this.#file, this.#search()).then(
        () => ok(undefined),
        (error: unknown) =>
          fail(
            `What was marked counts, but can't be kept for another start: ${messageOf(error)}`,
            `Is there room for ${this.#file}?`,
          ),
      )
    }
    this.#writing = null
  }
}
