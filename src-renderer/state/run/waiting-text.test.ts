import { expect, test } from 'vitest'
import { emptyRun, type MachineRun } from '../../../src-core/run/run-state.ts'
import { testMachineRun as part } from '../../../src-core/run/test-machine-run.ts'
import { waitingText } from './waiting-text.ts'

const counts = { ...emptyRun().counts, queued: 40 }
const running = { status: 'running', paused: false, providers: [], counts } as const
const textOf = (...machines: readonly MachineRun[]) => waitingText({ ...running, machines })

const another = 'another run of root@vm builds this tree there, since 15:28'

test('machines that wait for the same thing are named together', () => {
  const busy = { phase: 'lost', busy: true, detail: another } as const
  const machines = [part('h1', busy), part('h2', busy), part('local', { phase: 'connecting' })]
  expect(textOf(...machines)).toBe(`h1 and h2: ${another}; this computer: connecting`)
  expect(textOf(part('h1', { phase: 'lost', detail: 'no route' }))).toBe(
    'h1: lost, and tried again: no route',
  )
})

test('nothing is said while something is built or soon will be, nor of what a person stopped', () => {
  const away = part('h1', { phase: 'lost', detail: 'no route' })
  expect(textOf(away, part('h2', { building: 1, phase: 'draining' }))).toBe('')
  expect(textOf(away, part('h2'))).toBe('')
  expect(waitingText({ ...running, machines: [away], paused: true })).toBe('')
  expect(waitingText({ ...running, machines: [away], status: 'finished' })).toBe('')
  expect(waitingText({ ...running, machines: [away], counts: emptyRun().counts })).toBe('')
})

test('drained machines and providers that have given nothing yet are told', () => {
  const drained = part('h1', { phase: 'draining' })
  expect(textOf(drained)).toBe('h1 is drained and takes no more')
  expect(textOf(drained, part('h2', { phase: 'draining' }))).toBe(
    'h1 and h2 are drained and take no more',
  )
  const cluster = {
    name: 'cluster',
    phase: 'waiting',
    detail: 'queued at place 3',
    startsAt: 0,
    endsAt: 0,
  } as const
  expect(waitingText({ ...running, machines: [drained], providers: [cluster] })).toBe(
    'cluster: queued at place 3',
  )
})
