/** What a run need not build, since it has its outcome, and what it is to build. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BuildRecord } from '../../src-core/build/build-record.ts'
import { commitFolder } from '../../src-core/build/folder-names.ts'
import { type Commit, isBuilt, type Rerun } from '../../src-core/model.ts'
import { hasOutputs } from './has-outputs.ts'
import { listBoards, type ResultStore } from './result-store.ts'
import { type BuildQuestion, whyBuild } from './why-build.ts'

export type KeptBuild = {
  readonly board: string
  readonly upto: number
  readonly record: BuildRecord
}

export type Resume = {
  /** Builds whose outcome stands, by board and commit. */
  readonly done: readonly KeptBuild[]
  /** Commits to build, ascending, by board; boards without any are absent. */
  readonly todo: ReadonlyMap<string, readonly number[]>
  /** Of those to build, what came of them before. */
  readonly again: readonly KeptBuild[]
  /** Builds without an outcome that are not to be built either. */
  readonly left: readonly Omit<KeptBuild, 'record'>[]
}

/** Splits what is asked for into what has its outcome and what is to be built. */
export async function planResume(
  store: ResultStore,
  boards: readonly string[],
  commits: readonly Commit[],
  question: Omit<BuildQuestion, 'hash' | 'currentSource' | 'settings' | 'lacksOutputs'> & {
    readonly keepOutputs: boolean
    readonly settings: (board: string) => string
  },
): Promise<Resume> {
  const done: KeptBuild[] = []
  const todo = new Todo(boards)
  for await (const { board, commit, record } of keptRecords(store, boards, commits)) {
    const { hash, currentSource, upto } = commit
    const lacksOutputs =
      question.keepOutputs &&
      record !== null &&
      !(await hasOutputs(store.boardDir(board, commit), record))
    const settings = question.settings(board)
    const asked = { ...question, hash, currentSource, settings, lacksOutputs }
    if (record && whyBuild(record, asked) === null) done.push({ board, upto, record })
    else todo.add(board, upto)
  }
  return { done, todo: todo.builds(), again: [], left: [] }
}

/** Splits an earlier run into what is built once more and what stays as it is, built or not. */
export async function planRerun(
  store: ResultStore,
  boards: readonly string[],
  commits: readonly Commit[],
  rerun: Rerun,
): Promise<Resume> {
  const isNamed = new Set(rerun.boards)
  const done: KeptBuild[] = []
  const again: KeptBuild[] = []
  const left: Omit<KeptBuild, 'record'>[] = []
  const todo = new Todo(boards)
  for await (const { board, commit, record: found } of keptRecords(store, boards, commits)) {
    const { upto, hash, currentSource } = commit
    // A folder names its commit, but for the one that each current source is put into.
    const record = currentSource && found?.hash !== hash ? null : found
    if (isNamed.has(board) && isMeant(rerun.builds, record)) {
      todo.add(board, upto)
      if (wasMade(record)) again.push({ board, upto, record })
    } else if (record) done.push({ board, upto, record })
    else left.push({ board, upto })
  }
  return { done, todo: todo.builds(), again, left }
}

function isMeant(builds: Rerun['builds'], record: BuildRecord | null): boolean {
  switch (builds) {
    case 'all':
      return true
    case 'failed':
      return record?.outcome === 'failed'
    case 'left':
      return !wasMade(record)
  }
}

/** make has said something of it. */
function wasMade(record: BuildRecord | null): record is BuildRecord {
  return record !== null && (isBuilt(record.outcome) || record.outcome === 'failed')
}

/** Commits to build, by board, in the order of the boards. */
class Todo {
  readonly #builds: Map<string, number[]>

  constructor(boards: readonly string[]) {
    this.#builds = new Map(boards.map((board) => [board, []]))
  }

  add(board: string, upto: number): void {
    this.#builds.get(board)?.push(upto)
  }

  /** Boards without any are absent. */
  builds(): ReadonlyMap<string, readonly number[]> {
    return new Map([...this.#builds].filter(([, uptos]) => uptos.length > 0))
  }
}

/** After this the event loop gets its turn, milliseconds. */
const TURN_MS = 10

/** What is kept of each build, commit by commit; null where nothing is. */
async function* keptRecords(
  store: ResultStore,
  boards: readonly string[],
  commits: readonly Commit[],
): AsyncGenerator<{ board: string; commit: Commit; record: BuildRecord | null }> {
  const { base, layout } = store.place
  let turn = performance.now()
  for (const commit of commits) {
    const present = new Set(await listBoards(base, commitFolder(commit, layout)))
    for (const board of boards) {
      if (performance.now() - turn > TURN_MS) {
        await nextTurn()
        turn = performance.now()
      }
      yield { board, commit, record: present.has(board) ? store.read(board, commit) : null }
    }
  }
}
