import { createStore } from 'zustand/vanilla'
import { needsByBoard, type PlannedBlob } from '../../../src-core/blobs/board-blobs.ts'
import {
  type BuildSettings,
  defaultBuildSettings,
} from '../../../src-core/build-options/build-settings.ts'
import { type CommitChoice, LOCAL, type RunRequest } from '../../../src-core/model.ts'
import type { ProviderWish } from '../../../src-core/provider.ts'
import type { Problem, Result } from '../../../src-core/result.ts'
import type { AppSettings } from '../../../src-core/schemas.ts'
import type { BoardList, CommitList, PlanSummary, TreeInfo } from '../../../src-preload/contract.ts'
import type { BossClient } from '../../boss-client.ts'
import { attempt, attemptPlain, type Loadable, loaded } from '../attempt.ts'
import type { SettingsStore } from '../settings-store.ts'
import {
  type BoardChoice,
  type BoardWishes,
  chooseBoards,
  noChoice,
  noWishes,
} from './board-choice.ts'

export type LaunchState = {
  /** Folder that is open or being opened; empty before the first. */
  readonly dir: string
  readonly tree: Loadable<TreeInfo>
  readonly boards: Loadable<BoardList>
  readonly wishes: BoardWishes
  readonly choice: BoardChoice
  readonly commitChoice: CommitChoice
  readonly commits: Loadable<CommitList>
  readonly build: BuildSettings
  readonly plan: Loadable<PlanSummary>
  /** The plan is of a choice before this one; the new one is on its way. */
  readonly isPlanOld: boolean
  /** Firmware that boards of the tree need, as far as they were planned. */
  readonly needs: ReadonlyMap<string, readonly PlannedBlob[]>
  readonly starting: boolean
  readonly startProblem: Problem | null
}

/** How a run is started, where not simply as it is chosen. */
export type StartChoice = { readonly anew?: boolean; readonly boards?: readonly string[] }

/**
 * Typing changes the request at each key. When it rests for a moment, the plan is made of what is known; when
 * it rests for longer, tree and commits are read anew for it, which takes much longer.
 */
const restMs = { known: 60, anew: 250 } as const

/**
 * Everything that the Build button needs: the tree, its boards and commits, what is chosen of
 * them, and the plan that the boss makes of it.
 */
export class LaunchStore {
  readonly #boss: BossClient
  readonly #settings: SettingsStore
  readonly #wishes: () => readonly ProviderWish[]
  readonly #later: (call: () => void, ms: number) => () => void
  readonly store = createStore<LaunchState>(() => ({
    dir: '',
    tree: { status: 'idle' },
    boards: { status: 'idle' },
    wishes: noWishes,
    choice: noChoice,
    commitChoice: { kind: 'current' },
    commits: { status: 'idle' },
    build: defaultBuildSettings,
    plan: { status: 'idle' },
    isPlanOld: false,
    needs: new Map(),
    starting: false,
    startProblem: null,
  }))
  #opened = 0
  #commitsAsked = 0
  #planned = 0
  /** Choices of the person, and plans made anew: what came before the newest of either is late. */
  #wished = 0
  #made = 0
  #forgetPlan = () => {}

  /** @param wishes what is to be asked of providers */
  constructor(
    boss: BossClient,
    settings: SettingsStore,
    wishes: () => readonly ProviderWish[],
    later: (call: () => void, ms: number) => () => void = laterByTimer,
  ) {
    this.#boss = boss
    this.#settings = settings
    this.#wishes = wishes
    this.#later = later
  }

  /** Opens a tree and remembers it first among the recent ones. */
  async open(dir: string): Promise<void> {
    this.#opened += 1
    const mine = this.#opened
    const before = this.store.getState().dir
    this.store.setState({ dir, tree: { status: 'loading' }, boards: { status: 'idle' } })
    const reply = await attempt(
      'The tree could not be opened',
      this.#boss.request('tree:open', { dir }),
    )
    if (mine !== this.#opened) return
    this.store.setState({ tree: loaded(reply) })
    if (!reply.ok) {
      this.choose(noWishes)
      return
    }
    if (dir !== before) {
      this.store.setState({
        commitChoice: { kind: 'current' },
        wishes: noWishes,
        needs: new Map(),
      })
    }
    const recent = this.#settings.store.getState().settings?.recentTrees ?? []
    void this.#settings.change({
      recentTrees: [dir, ...recent.filter((other) => other !== dir)].slice(0, 20),
    })
    await Promise.all([this.#loadBoards(dir, mine), this.#loadCommits()])
  }

  choose(wishes: BoardWishes): void {
    const { boards, choice: before } = this.store.getState()
    const choice =
      boards.status === 'ready' ? chooseBoards(boards.value.boards, wishes, before) : noChoice
    this.store.setState({ wishes, choice })
    this.planSoon()
  }

  /**
   * Asks for a plan when changes rest. What the person changed makes a plan under way worthless
   * (`stale`); what only the machines changed leaves it better than none.
   */
  planSoon(stale = true): void {
    this.#forgetPlan()
    if (stale) {
      this.#planned += 1
      this.#wished += 1
    }
    if (!this.request()) {
      this.store.setState({ plan: { status: 'idle' }, isPlanOld: false })
      return
    }
    if (stale) this.store.setState({ isPlanOld: true })
    this.#forgetPlan = this.#later(() => {
      this.#forgetPlan = this.#later(() => void this.#plan(), restMs.anew - restMs.known)
      void this.#planKnown()
    }, restMs.known)
  }

  /** The request as it stands, or null while something of it is missing. */
  request(): RunRequest | null {
    const { choice } = this.store.getState()
    return choice.chosen.length === 0 ? null : this.requestFor(choice.chosen)
  }

  /** The same of other boards; null while no tree is open. */
  requestFor(boards: readonly string[]): RunRequest | null {
    const { dir, tree, commitChoice, build } = this.store.getState()
    const { settings: app } = this.#settings.store.getState()
    if (tree.status !== 'ready' || !app) return null
    const providers = this.#wishes()
    return {
      treeDir: dir,
      outputDir: this.#outputDir(),
      boards,
      commits: commitChoice,
      distribute: app.distribute,
      useMachines: app.useMachines,
      ...(providers.length > 0 && { providers }),
      noLocal: app.noLocal,
      settings: build,
    }
  }

  #outputDir(): string {
    const { settings } = this.#settings.store.getState()
    return settings?.outputDir || `${this.store.getState().dir}-builds`
  }

  /** Reads the boards and commits of the open tree again. */
  reload() {
    return this.open(this.store.getState().dir)
  }

  change(wishes: Partial<BoardWishes>): void {
    this.choose({ ...this.store.getState().wishes, ...wishes })
  }

  async chooseFolder(): Promise<void> {
    const reply = await attemptPlain('No folder was chosen', this.#boss.request('tree:choose', {}))
    if (reply.ok && reply.value !== null) await this.open(reply.value)
  }

  /** Opens the small tree that comes with the app. */
  async openSample(): Promise<Result<void>> {
    const reply = await attempt(
      'The sample tree could not be made',
      this.#boss.request('tree:sample', {}),
    )
    if (!reply.ok) return reply
    await this.open(reply.value)
    return { ok: true, value: undefined }
  }

  /** Targets of the boards that the tree's changes touch. */
  touched() {
    return attempt(
      'What the change touches is unknown',
      this.#boss.request('tree:touched', {
        dir: this.store.getState().dir,
        outputDir: this.#outputDir(),
      }),
    )
  }

  chooseCommits(commitChoice: CommitChoice): void {
    this.store.setState({ commitChoice })
    void this.#loadCommits()
  }

  /** Build settings of `~/.buildman`, or the person's last. */
  async loadDefaults(): Promise<void> {
    const reply = await attemptPlain(
      'The defaults could not be read',
      this.#boss.request('settings:build-defaults', {}),
    )
    if (reply.ok) {
      this.store.setState({ build: this.#settings.store.getState().settings?.build ?? reply.value })
    }
    this.planSoon()
  }

  changeBuild(build: BuildSettings): void {
    this.store.setState({ build })
    void this.#settings.change({ build })
    this.planSoon()
  }

  /**
   * Starts the run; the id of the run, or null where it was refused.
   * @param how `anew`: whatever has its outcome already is built again, too; `boards`: instead of the chosen
   */
  async start({ anew, boards }: StartChoice = {}): Promise<string | null> {
    const request = boards ? this.requestFor(boards) : this.request()
    if (!request || this.store.getState().starting) return null
    const wanted = anew ? { ...request, settings: { ...request.settings, force: true } } : request
    this.store.setState({ starting: true, startProblem: null })
    const reply = await attempt(
      'The run could not be started',
      this.#boss.request('run:start', copyOf(wanted)),
    )
    this.store.setState({ starting: false, startProblem: reply.ok ? null : reply.problem })
    return reply.ok ? reply.value.runId : null
  }

  dispose(): void {
    this.#forgetPlan()
  }

  async #plan(): Promise<void> {
    const wanted = this.request()
    if (!wanted) return
    this.#planned += 1
    const mine = this.#planned
    // The last plan stays in view while the next one is made: the sentence would flicker else.
    if (this.store.getState().plan.status !== 'ready')
      this.store.setState({ plan: { status: 'loading' } })
    const reply = await attempt(
      'No plan could be made',
      this.#boss.request('run:plan', copyOf(wanted)),
    )
    if (mine !== this.#planned) return
    this.#made += 1
    this.store.setState({ plan: loaded(reply), isPlanOld: false, startProblem: null })
    if (reply.ok) this.#noteNeeds(wanted.boards, reply.value.blobs)
  }

  /** A plan to look at until the one that is made anew is there. */
  async #planKnown(): Promise<void> {
    const wanted = this.request()
    if (!wanted) return
    const [wished, made] = [this.#wished, this.#made]
    const reply = await attempt(
      'No plan could be made',
      this.#boss.request('run:plan-known', copyOf(wanted)),
    )
    const isLate = wished !== this.#wished || made !== this.#made
    // Whatever is wrong with it is said by the plan that is made anew.
    if (isLate || !reply.ok || reply.value === null) return
    this.store.setState({ plan: { status: 'ready', value: reply.value }, isPlanOld: false })
    this.#noteNeeds(wanted.boards, reply.value.blobs)
  }

  /** What these boards need; of others what was known stays. */
  #noteNeeds(boards: readonly string[], blobs: readonly PlannedBlob[]): void {
    const needs = new Map(this.store.getState().needs)
    for (const board of boards) needs.delete(board)
    for (const [board, its] of needsByBoard(blobs)) needs.set(board, its)
    this.store.setState({ needs })
  }

  async #loadBoards(dir: string, mine: number): Promise<void> {
    this.store.setState({ boards: { status: 'loading' } })
    const reply = await attempt(
      'The boards of the tree could not be read',
      this.#boss.request('tree:boards', { dir }),
    )
    if (mine !== this.#opened) return
    this.store.setState({ boards: loaded(reply) })
    this.choose(this.store.getState().wishes)
  }

  async #loadCommits(): Promise<void> {
    const { dir, commitChoice } = this.store.getState()
    this.#commitsAsked += 1
    const mine = this.#commitsAsked
    if (this.store.getState().commits.status !== 'ready') {
      this.store.setState({ commits: { status: 'loading' } })
    }
    const reply = await attempt(
      'The commits could not be read',
      this.#boss.request('tree:commits', { dir, choice: commitChoice }),
    )
    if (mine !== this.#commitsAsked) return
    this.store.setState({ commits: loaded(reply) })
    this.planSoon()
  }
}

/**
 * The settings with one machine left out of the next run, or taken in again. An empty list of
 * machines means all of them, so leaving out the last one turns distribution off.
 */
export function withoutMachine(
  { distribute, useMachines }: Pick<AppSettings, 'distribute' | 'useMachines'>,
  all: readonly string[],
  name: string,
): Pick<AppSettings, 'distribute' | 'useMachines'> {
  const others = all.filter((other) => other !== LOCAL)
  if (!distribute) return { distribute: true, useMachines: [name] }
  const current = useMachines.length > 0 ? useMachines : others
  const next = others.filter((other) => current.includes(other) !== (other === name))
  if (next.length === 0) return { distribute: false, useMachines: [] }
  return { distribute: true, useMachines: next.length === others.length ? [] : next }
}

/** The bridge clones what it is given: plain arrays, nothing frozen or shared. */
function copyOf({ providers, ...request }: RunRequest) {
  return {
    ...request,
    boards: [...request.boards],
    useMachines: [...request.useMachines],
    ...(providers && { providers: [...providers] }),
  }
}

function laterByTimer(call: () => void, ms: number): () => void {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}
