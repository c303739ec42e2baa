import type { CommandCondition } from '../../src-preload/commands.ts'
import type { Stores } from '../state/stores.ts'

const isTrue: Readonly<Record<CommandCondition, (stores: Stores) => boolean>> = {
  running: (stores) => isRunning(stores),
  'not running': (stores) => !isRunning(stores),
  finished: ({ runs }) => runs.store.getState().status === 'finished',
  paused: ({ runs }) => runs.store.getState().paused,
  'not paused': ({ runs }) => !runs.store.getState().paused,
  'something failed': ({ runs }) => runs.store.getState().counts.failed > 0,
  'an older run is shown': ({ runs }) => runs.store.getState().pinned,
  'a tree is open': ({ launch }) => launch.store.getState().tree.status === 'ready',
  'what to build is shown': ({ view }) => view.store.getState().launchOpen,
  'what to build is hidden': ({ view }) => !view.store.getState().launchOpen,
  'the machines are shown': ({ view }) => view.store.getState().machinesOpen,
  'the machines are hidden': ({ view }) => !view.store.getState().machinesOpen,
}

/** Whether all of them hold now; without any they do. */
export function doHold(stores: Stores, conditions: readonly CommandCondition[] = []): boolean {
  return conditions.every((condition) => isTrue[condition](stores))
}

/** A run is under way and shown. */
function isRunning({ runs }: Stores): boolean {
  const { status, pinned } = runs.store.getState()
  return status === 'running' && !pinned
}
