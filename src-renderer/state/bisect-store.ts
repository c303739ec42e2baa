import { createStore } from 'zustand/vanilla'
import type { BisectState } from '../../src-core/bisect/bisect-state.ts'
import type { Finding } from '../../src-core/bisect/culprit-stand.ts'
import type { Result } from '../../src-core/result.ts'
import type { BuildRef } from '../../src-core/schemas.ts'
import type { Args, BisectProposal, Events } from '../../src-preload/contract.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, type Loadable, loaded } from './attempt.ts'
import type { RunStore } from './run/run-store.ts'

export type BisectView = {
  /** The search under way, or the last one; null before the first. */
  readonly search: BisectState | null
  /** What a search from the build that was asked about would begin with. */
  readonly proposal: Loadable<BisectProposal>
  /** A search of before that was broken off, and nobody has spoken of yet. */
  readonly isOffered: boolean
}

type Where = Omit<Args<'bisect:go-on'>, 'withMarks'>

/** The search for the commit that broke boards, as the boss tells of it. */
export class BisectStore {
  readonly #boss: BossClient
  readonly #runs: RunStore
  readonly store = createStore<BisectView>(() => ({
    search: null,
    proposal: { status: 'idle' },
    isOffered: false,
  }))
  readonly dispose: () => void
  /** Counts the proposals that were asked for, so that a late one is dropped. */
  #asked = 0

  constructor(boss: BossClient, runs: RunStore) {
    this.#boss = boss
    this.#runs = runs
    this.dispose = boss.on('bisect:changed', (progress) => this.#apply(progress))
  }

  async load(): Promise<Result<unknown>> {
    const request = this.#boss.request('bisect:current', {})
    const reply = await attempt('The search could not be read', request)
    if (reply.ok) {
      const search = reply.value
      this.store.setState({ search, isOffered: search?.phase === 'broken off' })
    }
    return reply
  }

  /** A person knows of the search that was broken off. */
  leaveOffer(): void {
    this.store.setState({ isOffered: false })
  }

  /** Shows a search of the history. */
  async open(runId: string): Promise<Result<void>> {
    const request = this.#boss.request('bisect:open', { runId })
    const opened = await attempt('The search could not be opened', request)
    if (opened.ok) await this.load()
    this.leaveOffer()
    return opened
  }

  async propose(build: BuildRef): Promise<void> {
    this.#asked += 1
    const mine = this.#asked
    this.store.setState({ proposal: { status: 'loading' } })
    const request = this.#boss.request('bisect:propose', build)
    const reply = await attempt('The commits before it could not be read', request)
    if (mine === this.#asked) this.store.setState({ proposal: loaded(reply) })
  }

  async start(asked: Args<'bisect:start'>): Promise<Result<void>> {
    return this.#begun(
      attempt('The search could not be started', this.#boss.request('bisect:start', asked)),
    )
  }

  async goOn(where: Where, withMarks: boolean): Promise<Result<void>> {
    this.leaveOffer()
    const request = this.#boss.request('bisect:go-on', { ...where, withMarks })
    return this.#begun(attempt('The search could not go on', request))
  }

  mark(upto: number, finding: Finding): Promise<Result<void>> {
    const request = this.#boss.request('bisect:mark', { upto, finding })
    return attempt('The commit could not be marked', request)
  }

  async #begun(reply: Promise<Result<void>>): Promise<Result<void>> {
    const begun = await reply
    if (begun.ok) await Promise.all([this.load(), this.#runs.showCurrent()])
    return begun
  }

  #apply(progress: Events['bisect:changed']): void {
    const { search } = this.store.getState()
    if (search?.runId !== progress.runId) {
      void this.load()
      return
    }
    this.store.setState({ search: { ...progress, commits: search.commits } })
    const { pinned } = this.#runs.store.getState()
    // The run that confirmed it has a few of its builds: that of the search has the others.
    if (progress.phase === 'over' && search.phase !== 'over' && !pinned) {
      void this.#runs.showCurrent()
    }
  }
}
