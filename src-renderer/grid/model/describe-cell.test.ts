import { expect, test } from 'vitest'
import { LOCAL } from '../../../src-core/model.ts'
import { applyEvent, emptyRun } from '../../../src-core/run/run-state.ts'
import { beginning, dropped, finished, started, testBoard } from '../../../src-core/run/test-run.ts'
import { againstText, cellLabel, describeCell } from './describe-cell.ts'

function run(commits: number) {
  const state = emptyRun()
  for (const event of beginning([testBoard('snow'), testBoard('rpi')], commits)) {
    applyEvent(state, event)
  }
  applyEvent(state, { at: 1000, type: 'machine-joined', machine: LOCAL, hue: 1 })
  return state
}

test('a failed build is told with its machine, time and first errors', () => {
  const state = run(1)
  applyEvent(state, started('snow'))
  applyEvent(
    state,
    finished('snow', {
      outcome: 'failed',
      errors: 2,
      seconds: 12.5,
      firstErrors: ['x.c:1: error'],
    }),
  )
  expect(describeCell(state, 0, 0)).toMatchObject({
    board: 'snow',
    commit: '',
    words: 'failed with 2 errors',
    machine: 'moa',
    seconds: 12.5,
    firstErrors: ['x.c:1: error'],
  })
  expect(cellLabel(state, 0)).toBe('snow, failed, on moa')
})

test('a build begun elsewhere says which machine went away', () => {
  const state = run(1)
  applyEvent(state, started('snow', 'ruru'))
  applyEvent(state, dropped('snow', 'ruru'))
  expect(describeCell(state, 0, 0)).toMatchObject({ machine: 'ruru', lostBy: '' })
  applyEvent(state, started('snow', LOCAL))
  expect(describeCell(state, 0, 7000)).toMatchObject({
    machine: 'this computer',
    lostBy: 'ruru',
    seconds: 5,
  })
})

test('over commits the commit and the change of size are told', () => {
  const state = run(2)
  const image = (text: number) => [{ image: 'u-boot', text, data: 0, bss: 0, rodata: 0 }]
  applyEvent(state, finished('rpi', { upto: 0, sizes: image(1000) }))
  applyEvent(state, finished('rpi', { upto: 1, sizes: image(1016) }))
  expect(describeCell(state, 3, 0)).toMatchObject({ commit: '#2 aaaaaaaa ', sizeChange: 16 })
  expect(cellLabel(state, 3)).toBe('rpi, commit 2, ok, on moa')
})

test('what the run does not have is not described', () => {
  expect(describeCell(run(1), -1, 0)).toBeNull()
  expect(describeCell(run(1), 99, 0)).toBeNull()
})

test('a duration stands against the last one, with the machine that took it', () => {
  expect(againstText({ seconds: 40, machine: LOCAL })).toBe('last time 40 s on this computer')
  expect(againstText(null)).toBe('')
})
