import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { beginning, testBoard } from '../../src-core/run/test-run.ts'
import { createStores, type Stores } from '../state/stores.ts'
import { testBoss } from '../state/test-boss.ts'
import { testMachine } from '../state/test-machine.ts'
import { StoresContext } from '../state/use-stores.ts'
import type { TimelineCommand } from './lanes/timeline-keys.ts'
import { useTimelineCommands } from './use-timeline-commands.ts'

/** What the keys of a timeline on these stores do. */
function commandsOn(stores: Stores): (command: TimelineCommand) => void {
  let does = (_command: TimelineCommand): void => {
    throw new Error('the timeline was not shown')
  }
  const tell = (told: typeof does) => {
    does = told
  }
  renderToStaticMarkup(
    <StoresContext value={stores}>
      <Timeline tell={tell} />
    </StoresContext>,
  )
  return does
}

function Timeline({ tell }: { tell: (does: (command: TimelineCommand) => void) => void }) {
  tell(useTimelineCommands())
  return null
}

test('a digit shows the machine of that place in the panel alone, whatever their order in the run', () => {
  const { boss, emit } = testBoss({})
  const stores = createStores(boss)
  emit('machines:changed', ['ruru', 'kea', 'moa'].map(testMachine))
  // The run knows moa first, then ruru.
  emit('run:events', { runId: 'run-1', version: 0, events: beginning([testBoard('snow')], 1) })
  expect(stores.runs.run().machines.map(({ name }) => name)).toEqual(['moa', 'ruru'])
  const does = commandsOn(stores)
  const solo = () => stores.view.store.getState().solo
  does({ kind: 'solo', machine: 1 })
  expect(solo()).toBe('ruru')
  // It has no part in the run.
  does({ kind: 'solo', machine: 3 })
  expect(solo()).toBe('kea')
  does({ kind: 'solo', machine: 4 })
  expect(solo()).toBe('kea')
})
