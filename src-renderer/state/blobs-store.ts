import { createStore } from 'zustand/vanilla'
import { type BlobRule, type BlobRules, usualBlobBounds } from '../../src-core/blobs/blob-rules.ts'
import type { Problem } from '../../src-core/result.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt } from './attempt.ts'
import type { LaunchStore } from './launch/launch-store.ts'

/** A rule, or a folder (with an empty pattern), as it is being written; `id` stays while it changes. */
export type BlobRow = BlobRule & { readonly id: number }
export type BlobRowList = 'rules' | 'folders'
type Bounds = Pick<BlobRules, 'maxMb' | 'maxFileMb'>

export type BlobsState = Bounds & {
  readonly status: 'idle' | 'ready' | 'failed'
  readonly rules: readonly BlobRow[]
  readonly folders: readonly BlobRow[]
  /** Paths that lead nowhere. */
  readonly notThere: readonly string[]
  /** Why they could not be read, or the last change could not be saved. */
  readonly problem: Problem | null
}

/** `[blobs]` of the settings file: shown at once when changed, and saved as far as its rows are whole. */
export class BlobsStore {
  readonly #boss: BossClient
  readonly #launch: LaunchStore
  readonly store = createStore<BlobsState>(() => ({
    status: 'idle',
    rules: [],
    folders: [],
    ...usualBlobBounds,
    notThere: [],
    problem: null,
  }))
  #ids = 0
  /** What the file is known to say. */
  #saved = ''
  #saving: Promise<void> = Promise.resolve()

  constructor(boss: BossClient, launch: LaunchStore) {
    this.#boss = boss
    this.#launch = launch
  }

  async load(): Promise<void> {
    const reply = await attempt(
      'The settings file could not be read',
      this.#boss.request('blobs:rules', {}),
    )
    if (!reply.ok) {
      this.store.setState({ status: 'failed', problem: reply.problem })
      return
    }
    const { rules, notThere } = reply.value
    this.#saved = JSON.stringify(rules)
    this.store.setState({
      ...rules,
      status: 'ready',
      rules: rules.rules.map((rule) => this.#row(rule)),
      folders: rules.folders.map((folder) => this.#row({ ...folder, pattern: '' })),
      notThere,
      problem: null,
    })
  }

  /** An empty row, to be filled in. */
  add(list: BlobRowList): void {
    const row = this.#row({ only: '', pattern: '', path: '' })
    this.store.setState((state) => ({ [list]: [...state[list], row] }))
  }

  change(list: BlobRowList, id: number, fields: Partial<BlobRule>): Promise<void> {
    const rows = this.store.getState()[list]
    this.store.setState({
      [list]: rows.map((row) => (row.id === id ? { ...row, ...fields } : row)),
    })
    return this.#save()
  }

  remove(list: BlobRowList, id: number): Promise<void> {
    const rows = this.store.getState()[list]
    this.store.setState({ [list]: rows.filter((row) => row.id !== id) })
    return this.#save()
  }

  bound(bounds: Partial<Bounds>): Promise<void> {
    this.store.setState(bounds)
    return this.#save()
  }

  #row(rule: BlobRule): BlobRow {
    this.#ids += 1
    return { ...rule, id: this.#ids }
  }

  #save(): Promise<void> {
    // One after another, so that the newest wins.
    this.#saving = this.#saving.then(() => this.#saveNow())
    return this.#saving
  }

  async #saveNow(): Promise<void> {
    const rules = rulesOf(this.store.getState())
    const text = JSON.stringify(rules)
    if (text === this.#saved) return
    const reply = await attempt(
      'The settings file could not be changed',
      this.#boss.request('blobs:save', rules),
    )
    if (!reply.ok) {
      this.store.setState({ problem: reply.problem })
      return
    }
    this.#saved = text
    this.store.setState({ notThere: reply.value.notThere, problem: null })
    this.#launch.planSoon()
  }
}

/** Rows that are not filled in yet are left out. */
function rulesOf({ rules, folders, maxMb, maxFileMb }: BlobsState): BlobRules {
  return {
    rules: rules
      .filter(({ pattern, path }) => pattern !== '' && path !== '')
      .map(({ only, pattern, path }) => ({ only, pattern, path })),
    folders: folders.filter(({ path }) => path !== '').map(({ only, path }) => ({ only, path })),
    maxMb,
    maxFileMb,
  }
}
