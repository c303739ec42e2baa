import { wishesWithin } from '../../src-core/provider.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { BossClient } from '../boss-client.ts'
import { BisectStore } from './bisect-store.ts'
import { BlobsStore } from './blobs-store.ts'
import { ComparisonStore } from './comparison-store.ts'
import { CompilersStore } from './compilers-store.ts'
import { GridModel } from './grid/grid-model.ts'
import { HistoryStore } from './history-store.ts'
import { LaunchStore } from './launch/launch-store.ts'
import { MachinesStore } from './machines-store.ts'
import { ProvidersStore } from './providers-store.ts'
import { createQuestionsStore } from './questions-store.ts'
import { BuildStore } from './run/build-store.ts'
import { createLastTimesStore } from './run/last-times-store.ts'
import { createRunActions } from './run/run-actions.ts'
import { RunStore } from './run/run-store.ts'
import { SummaryStore } from './run/summary-store.ts'
import { createWarningsStore } from './run/warnings-store.ts'
import { createSettingsStore } from './settings-store.ts'
import { TerminalStore } from './terminal-store.ts'
import { createTimelineStore } from './timeline/timeline-store.ts'
import { createUpdateStore } from './update-store.ts'
import { createViewStore } from './view-store.ts'

export type Stores = ReturnType<typeof createStores>

/** All state of the window. None of it knows React; views read it with narrow selectors. */
export function createStores(boss: BossClient, room?: number) {
  const settings = createSettingsStore(boss)
  const view = createViewStore(room)
  const runs = new RunStore(boss)
  const machines = new MachinesStore(boss)
  const compilers = new CompilersStore(machines)
  const providers = new ProvidersStore(boss, settings)
  const launch = new LaunchStore(boss, settings, () => providers.wishes())
  const blobs = new BlobsStore(boss, launch)
  const questions = createQuestionsStore(boss)
  const grid = new GridModel(runs, view)
  const actions = createRunActions(boss, runs, launch)
  const build = new BuildStore(boss, runs, view)
  const lastTimes = createLastTimesStore(boss, runs)
  const warnings = createWarningsStore(boss, runs)
  const timeline = createTimelineStore(runs)
  const summary = new SummaryStore(boss, runs)
  const history = new HistoryStore(boss, runs)
  const comparison = new ComparisonStore(boss)
  const bisect = new BisectStore(boss, runs)
  const update = createUpdateStore(boss)
  const terminals = new TerminalStore(boss)
  let shown = gridOf(runs.run())
  const stops = [
    runs.store.subscribe((now, before) => {
      if (now.shape === before.shape) return
      if (view.store.getState().tab === 'plan') view.change({ tab: 'grid' })
      const grid = gridOf(runs.run())
      view.newRun(grid === shown)
      shown = grid
    }),
    launch.store.subscribe((now, before) => {
      // The run in view is of another tree: what would be built of this one is news.
      if (before.dir !== '' && now.dir !== before.dir) view.change({ tab: 'plan' })
    }),
    machines.store.subscribe((now, before) => {
      // Planning itself probes machines: only what would change the plan asks for another.
      if (now.abilities !== before.abilities) launch.planSoon(false)
      if (now.machines !== before.machines) void providers.load()
    }),
    launch.store.subscribe((now, before) => {
      // To plan reads the configuration anew.
      if (now.plan !== before.plan && now.plan.status !== 'loading') void providers.load()
    }),
    providers.store.subscribe((now, before) => {
      const wishes = settings.store.getState().settings?.providers ?? []
      const [a, b] = [now, before].map((state) => wishesWithin(wishes, state.providers))
      if (JSON.stringify(a) !== JSON.stringify(b)) launch.planSoon()
    }),
    settings.store.subscribe((now, before) => {
      const [a, b] = [now.settings, before.settings]
      const planned = ['distribute', 'noLocal', 'useMachines', 'providers', 'outputDir'] as const
      if (planned.some((key) => a?.[key] !== b?.[key])) launch.planSoon()
      if (a?.updateCheck && !b?.updateCheck) void update.look()
    }),
    runs.store.subscribe((now, before) => {
      // What was built changes what the next run would do.
      if (now.status === before.status || now.status !== 'finished') return
      launch.planSoon()
      grid.settle()
    }),
  ]
  return {
    boss,
    settings,
    view,
    runs,
    machines,
    providers,
    compilers,
    launch,
    blobs,
    questions,
    grid,
    actions,
    build,
    lastTimes,
    warnings,
    timeline,
    summary,
    history,
    comparison,
    bisect,
    terminals,
    update,
    /** Reads what the window shows first; each part shows its own trouble. */
    async load(): Promise<void> {
      await Promise.all([settings.load(), machines.load(), runs.showCurrent()])
      void machines.probe()
      void terminals.load()
      void comparison.load()
      void bisect.load().then((reply) => {
        if (!reply.ok) actions.tell(reply.problem)
      })
      await launch.loadDefaults()
      const recent = settings.store.getState().settings?.recentTrees[0]
      if (recent !== undefined) await launch.open(recent)
    },
    dispose(): void {
      for (const stop of stops) stop()
      for (const part of [
        runs,
        machines,
        launch,
        questions,
        grid,
        build,
        lastTimes,
        warnings,
        timeline,
        summary,
        history,
        comparison,
        bisect,
        terminals,
      ])
        part.dispose()
    },
  }
}

/** Equal for runs whose cells stand for the same builds. */
function gridOf({ boards, commits }: Pick<RunState, 'boards' | 'commits'>): string {
  return JSON.stringify([boards.map(({ target }) => target), commits.map(({ hash }) => hash)])
}
