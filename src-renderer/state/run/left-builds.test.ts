import { expect, test } from 'vitest'
import { notBuilt } from '../../../src-core/run/outcome-events.ts'
import { applyEvent, emptyRun } from '../../../src-core/run/run-state.ts'
import { beginning, finished, started, testBoard } from '../../../src-core/run/test-run.ts'
import { leftBuilds } from './left-builds.ts'

test('left is what nobody got round to, and not what no compiler is there for', () => {
  const run = emptyRun()
  const boards = ['snow', 'rpi', 'xtfpga'].map((target) => testBoard(target))
  for (const event of [...beginning(boards, 2), started('snow'), finished('snow')]) {
    applyEvent(run, event)
  }
  expect(leftBuilds(run)).toEqual({ builds: 0, boards: [] })
  for (const [board, upto, reason] of [
    ['snow', 1, 'cancelled'],
    ['rpi', 0, 'cancelled'],
    ['rpi', 1, 'cancelled'],
    ['xtfpga', 0, 'no toolchain for xtensa on moa'],
  ] as const) {
    applyEvent(run, { at: 3000, ...notBuilt(board, upto, reason) })
  }
  expect(leftBuilds(run)).toEqual({ builds: 3, boards: ['snow', 'rpi'] })
})
