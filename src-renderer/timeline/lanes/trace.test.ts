import fc from 'fast-check'
import { expect, test } from 'vitest'
import { traceReport } from '../../../src-core/reports/trace-report.ts'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import { applyEvent, emptyRun, type RunState } from '../../../src-core/run/run-state.ts'
import { beginning, testBoard } from '../../../src-core/run/test-run.ts'
import { createLaneSorter } from '../../state/timeline/lanes.ts'
import { barsOf } from './bars.ts'

/** A trace is the timeline in another form: each slice is a bar of the lane that its thread is. */

type Slice = { pid: number; tid: number; from: number; to: number }

function slicesOf({ startedAt, ...run }: RunState): Slice[] {
  const { traceEvents } = JSON.parse(traceReport({ run: { startedAt, ...run } }))
  return traceEvents.flatMap((event: { ph: string; ts: number; dur: number } & Slice) => {
    const { ph, pid, tid, ts, dur } = event
    const from = startedAt + ts / 1000
    return ph === 'X' ? [{ pid, tid, from, to: from + dur / 1000 }] : []
  })
}

/** So wide that no two bars are merged. */
function barsOfRun(run: RunState): Slice[] {
  const span = { from: run.startedAt - 1, to: run.now + 1 }
  const width = (span.to - span.from) * 100
  return createLaneSorter()(run).flatMap((lanes, machine) =>
    lanes.flatMap((lane, slot) =>
      barsOf(lane, run.attempts, span, width, run.now).map(({ from, to }) => ({
        ...{ pid: machine + 1, tid: slot + 1, from, to },
      })),
    ),
  )
}

const key = ({ pid, tid, from, to }: Slice) => `${pid}/${tid} ${from}-${to}`

test('every attempt of a run is where the timeline has it, to the millisecond', () => {
  const step = fc.record({
    wait: fc.integer({ min: 40, max: 100_000 }),
    lasts: fc.integer({ min: 40, max: 100_000 }),
    machine: fc.constantFrom('moa', 'ruru'),
    slot: fc.integer({ min: 0, max: 2 }),
    why: fc.constantFrom('lost', 'suspected', 'overtaken', 'won', 'open'),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      const run = emptyRun()
      const boards = steps.map((_, index) => testBoard(`b${index}`))
      for (const event of beginning(boards, 1)) applyEvent(run, event)
      let at = 1000
      for (const [index, { wait, lasts, machine, slot, why }] of steps.entries()) {
        const build = { board: `b${index}`, upto: 0, machine, slot }
        at += wait
        const events: RunEvent[] = [{ at, type: 'build-started', ...build, attempt: 1 }]
        at += lasts
        if (why !== 'open')
          events.push({
            ...{ at, type: 'build-dropped', ...build, reason: '' },
            why: why === 'won' ? 'given back' : why,
          })
        else events.push({ at, type: 'machine-load', machine, load1m: 1, memAvailableMb: 1 })
        for (const event of events) applyEvent(run, event)
      }
      expect(slicesOf(run).map(key).sort()).toEqual(barsOfRun(run).map(key).sort())
    }),
  )
})

test('machines are processes and slots threads, by the names that the timeline has for them', () => {
  const run = emptyRun()
  for (const event of beginning([testBoard('snow')], 1)) applyEvent(run, event)
  const { traceEvents } = JSON.parse(traceReport({ run }))
  const names = traceEvents.flatMap((event: { name: string; args: { name: string } }) =>
    event.name === 'process_name' ? [event.args.name] : [],
  )
  expect(names).toEqual(['moa', 'ruru'])
})
