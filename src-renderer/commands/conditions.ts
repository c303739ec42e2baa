import type { CommandCondition, CommandFact } from '../../src-preload/commands.ts'
import { canFindCommit, cellInFocus } from '../bisect/find-commit.ts'
import { missingCompilers } from '../state/compilers-store.ts'
import { leftBuilds } from '../state/run/left-builds.ts'
import { isOursUnderWay } from '../state/run/run-store.ts'
import type { Stores } from '../state/stores.ts'

const isTrue: Readonly<Record<CommandFact, (stores: Stores) => boolean>> = {
  running: ({ runs }) => isOursUnderWay(runs.store.getState()),
  finished: ({ runs }) => runs.store.getState().status === 'finished',
  paused: ({ runs }) => runs.store.getState().paused,
  'something failed': ({ runs }) => runs.store.getState().counts.failed > 0,
  'something is left': ({ runs }) => leftBuilds(runs.run()).builds > 0,
  'compilers are missing': ({ launch }) => {
    const { plan } = launch.store.getState()
    return plan.status === 'ready' && missingCompilers(plan.value).length > 0
  },
  'a tree is open': ({ launch }) => launch.store.getState().tree.status === 'ready',
  'a build is in focus': (stores) => canFindCommit(stores.runs.run(), cellInFocus(stores)),
  'lines were noted': ({ runs }) => runs.run().request?.settings.lines ?? false,
  'a search is there': ({ bisect }) => bisect.store.getState().search !== null,
  'showing an older run': ({ runs }) => runs.store.getState().pinned,
  'a sent run': ({ runs }) => runs.store.getState().sentAs !== '',
  'showing what to build': ({ view }) => view.store.getState().launchOpen,
  'showing the machines': ({ view }) => view.store.getState().machinesOpen,
}

/** Whether all of them hold now; without any they do. */
export function doHold(stores: Stores, conditions: readonly CommandCondition[] = []): boolean {
  return conditions.every((condition) =>
    isFact(condition)
      ? isTrue[condition](stores)
      : !isTrue[condition.slice('not '.length) as CommandFact](stores),
  )
}

function isFact(condition: CommandCondition): condition is CommandFact {
  return condition in isTrue
}
