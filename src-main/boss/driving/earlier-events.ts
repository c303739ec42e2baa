import { notBuilt, outcomeOfRecord } from '../../../src-core/run/outcome-events.ts'
import type { EventWithoutTime } from '../../../src-core/run/run-events.ts'
import type { PreparedRun } from '../prepared-run.ts'

type Earlier = Pick<PreparedRun, 'resume' | 'taking' | 'hueOf'>

/**
 * What a run begins with: the outcomes that stand, with the machines that they come from, and which of
 * them are built once more. Pure.
 */
export function* earlierEvents({ resume, taking, hueOf }: Earlier): Generator<EventWithoutTime> {
  const { done, again, left } = resume
  const inRun = new Set(taking.map(({ name }) => name))
  const machines = new Set([...done, ...again].map(({ record }) => record.machine))
  for (const machine of machines) {
    if (machine === '' || inRun.has(machine)) continue
    yield { type: 'machine-joined', machine, hue: hueOf(machine) }
    yield { type: 'machine-changed', machine, phase: 'left', detail: 'not in this run' }
  }
  for (const { board, upto, record } of done) {
    yield outcomeOfRecord(board, upto, record, 'previously')
  }
  for (const { board, upto, record } of again) {
    yield outcomeOfRecord(board, upto, record, 'previously')
    yield { type: 'build-reopened', board, upto }
  }
  for (const { board, upto } of left) yield notBuilt(board, upto, 'not built so far')
}
