import { createStore } from 'zustand/vanilla'
import {
  type BuildSettings,
  defaultBuildSettings,
} from '../../../src-core/build-options/build-settings.ts'
import { type CommitChoice, LOCAL, type RunRequest } from '../../../src-core/model.ts'
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
  readonly starting: boolean
  readonly startProblem: Problem | null
}

export type LaunchStore = ReturnType<typeof createLaunchStore>

/** Typing changes the request at each key: the plan is asked for when it rests this long. */
const planRestMs = 250

/**
 * Everything that the Build button needs: the tree, its boards and commits, what is chosen of
 * them, and the plan that the boss makes of it.
 */
export function createLaunchStore(
  boss: BossClient,
  settings: SettingsStore,
  later: (call: () => void, ms: number) => () => void = laterByTimer,
) {
  const store = createStore<LaunchState>(() => ({
    dir: '',
    tree: { status: 'idle' },
    boards: { status: 'idle' },
    wishes: noWishes,
    choice: noChoice,
    commitChoice: { kind: 'current' },
    commits: { status: 'idle' },
    build: defaultBuildSettings,
    plan: { status: 'idle' },
    starting: false,
    startProblem: null,
  }))
  let opened = 0
  let commitsAsked = 0
  let planned = 0
  let forgetPlan = () => {}

  function choose(wishes: BoardWishes) {
    const { boards, choice: before } = store.getState()
    const choice =
      boards.status === 'ready' ? chooseBoards(boards.value.boards, wishes, before) : noChoice
    store.setState({ wishes, choice })
    planSoon()
  }

  /** The request as it stands, or null while something of it is missing. */
  function request(): RunRequest | null {
    const { dir, tree, choice, commitChoice, build } = store.getState()
    const { settings: app } = settings.store.getState()
    if (tree.status !== 'ready' || !app || choice.chosen.length === 0) return null
    return {
      treeDir: dir,
      outputDir: app.outputDir || `${dir}-builds`,
      boards: choice.chosen,
      commits: commitChoice,
      distribute: app.distribute,
      useMachines: app.useMachines,
      noLocal: app.noLocal,
      settings: build,
    }
  }

  /**
   * Asks for a plan when changes rest. What the person changed makes a plan under way worthless
   * (`stale`); what only the machines changed leaves it better than none.
   */
  function planSoon(stale = true) {
    forgetPlan()
    if (stale) planned += 1
    if (!request()) {
      store.setState({ plan: { status: 'idle' } })
      return
    }
    forgetPlan = later(() => void plan(), planRestMs)
  }

  async function plan(): Promise<void> {
    const wanted = request()
    if (!wanted) return
    planned += 1
    const mine = planned
    // The last plan stays in view while the next one is made: the sentence would flicker else.
    if (store.getState().plan.status !== 'ready') store.setState({ plan: { status: 'loading' } })
    const reply = await attempt('No plan could be made', boss.request('run:plan', copyOf(wanted)))
    if (mine === planned) store.setState({ plan: loaded(reply), startProblem: null })
  }

  async function loadBoards(dir: string, mine: number): Promise<void> {
    store.setState({ boards: { status: 'loading' } })
    const reply = await attempt(
      'The boards of the tree could not be read',
      boss.request('tree:boards', { dir }),
    )
    if (mine !== opened) return
    store.setState({ boards: loaded(reply) })
    choose(store.getState().wishes)
  }

  async function loadCommits(): Promise<void> {
    const { dir, commitChoice } = store.getState()
    commitsAsked += 1
    const mine = commitsAsked
    if (store.getState().commits.status !== 'ready') {
      store.setState({ commits: { status: 'loading' } })
    }
    const reply = await attempt(
      'The commits could not be read',
      boss.request('tree:commits', { dir, choice: commitChoice }),
    )
    if (mine !== commitsAsked) return
    store.setState({ commits: loaded(reply) })
    planSoon()
  }

  /** Opens a tree and remembers it first among the recent ones. */
  async function open(dir: string): Promise<void> {
    opened += 1
    const mine = opened
    const before = store.getState().dir
    store.setState({ dir, tree: { status: 'loading' }, boards: { status: 'idle' } })
    const reply = await attempt('The tree could not be opened', boss.request('tree:open', { dir }))
    if (mine !== opened) return
    store.setState({ tree: loaded(reply) })
    if (!reply.ok) {
      choose(noWishes)
      return
    }
    if (dir !== before) store.setState({ commitChoice: { kind: 'current' }, wishes: noWishes })
    const recent = settings.store.getState().settings?.recentTrees ?? []
    void settings.change({
      recentTrees: [dir, ...recent.filter((other) => other !== dir)].slice(0, 20),
    })
    await Promise.all([loadBoards(dir, mine), loadCommits()])
  }

  return {
    store,
    open,
    choose,
    planSoon,
    request,
    /** Reads the boards and commits of the open tree again. */
    reload: () => open(store.getState().dir),
    change: (wishes: Partial<BoardWishes>) => choose({ ...store.getState().wishes, ...wishes }),
    async chooseFolder(): Promise<void> {
      const reply = await attemptPlain('No folder was chosen', boss.request('tree:choose', {}))
      if (reply.ok && reply.value !== null) await open(reply.value)
    },
    /** Opens the small tree that comes with the app. */
    async openSample(): Promise<Result<void>> {
      const reply = await attempt(
        'The sample tree could not be made',
        boss.request('tree:sample', {}),
      )
      if (!reply.ok) return reply
      await open(reply.value)
      return { ok: true, value: undefined }
    },
    /** Targets of the boards that the tree's changes touch. */
    touched: () =>
      attempt(
        'What the change touches is unknown',
        boss.request('tree:touched', { dir: store.getState().dir }),
      ),
    chooseCommits(commitChoice: CommitChoice): void {
      store.setState({ commitChoice })
      void loadCommits()
    },
    /** Build settings of `~/.buildman`, or the person's last. */
    async loadDefaults(): Promise<void> {
      const reply = await attemptPlain(
        'The defaults could not be read',
        boss.request('settings:build-defaults', {}),
      )
      if (reply.ok) {
        store.setState({ build: settings.store.getState().settings?.build ?? reply.value })
      }
      planSoon()
    },
    changeBuild(build: BuildSettings): void {
      store.setState({ build })
      void settings.change({ build })
      planSoon()
    },
    /** Starts the run; the id of the run, or null where it was refused. */
    async start(): Promise<string | null> {
      const wanted = request()
      if (!wanted || store.getState().starting) return null
      store.setState({ starting: true, startProblem: null })
      const reply = await attempt(
        'The run could not be started',
        boss.request('run:start', copyOf(wanted)),
      )
      store.setState({ starting: false, startProblem: reply.ok ? null : reply.problem })
      return reply.ok ? reply.value.runId : null
    },
    dispose: () => forgetPlan(),
  }
}

/** Why no run can be started, in words; empty if one can. */
export function whyNot(
  launch: LaunchState,
  toggles: { readonly distribute: boolean; readonly noLocal: boolean },
): string {
  const { tree, boards, choice, commits, plan } = launch
  if (tree.status === 'idle') return 'Open a tree first.'
  if (tree.status === 'loading' || boards.status === 'loading') return 'Reading the tree …'
  if (tree.status === 'failed') return tree.problem.what
  if (boards.status === 'failed') return boards.problem.what
  const [mistake] = choice.problems
  if (mistake) return `The board filter has a mistake: ${mistake.message}.`
  if (choice.shown.length === 0) return 'No board matches the filter.'
  if (choice.chosen.length === 0) return 'No board is ticked.'
  if (commits.status === 'failed') return commits.problem.what
  if (toggles.noLocal && !toggles.distribute) {
    return 'Nothing may build: this computer is left out and Distribute is off.'
  }
  if (plan.status === 'failed') return plan.problem.what
  return plan.status === 'ready' ? plan.value.blocked : ''
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
function copyOf(request: RunRequest): RunRequest {
  return { ...request, boards: [...request.boards], useMachines: [...request.useMachines] }
}

function laterByTimer(call: () => void, ms: number): () => void {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}
