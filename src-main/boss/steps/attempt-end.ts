import type { MachineStatus } from '../../../src-core/model.ts'
import { problemText, type Result } from '../../../src-core/result.ts'
import { messageOf } from '../../error-text.ts'
import { TransportError } from '../../machines/transport/transport.ts'
import { WorkerError } from '../worker-link/worker-link.ts'

/**
 * How one attempt to have a machine build ended. `refused`: another one would end the same way;
 * `failed`: it may; `busy`: another run is at work there on the same tree, and will be done some time.
 */
export type AttemptEnd = {
  readonly kind: 'refused' | 'failed' | 'lost' | 'busy'
  readonly reason: string
  readonly wasReady: boolean
}

/** A machine that can't take part, whatever is tried. */
export class Refusal extends Error {}

/** A step that did not succeed: for good, or because the link was cut meanwhile. */
export class StepFailure extends Error {}

export function attemptEnd(error: unknown, wasReady: boolean): AttemptEnd {
  return { kind: kindOf(error), reason: messageOf(error), wasReady }
}

/** A machine that is busy or full stays so for this run. One that is silent may come back. */
export function refusalOf({ reason, facts }: MachineStatus): Error {
  return facts === null ? new Error(reason) : new Refusal(reason)
}

export function orThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new StepFailure(problemText(result.problem))
}

function kindOf(error: unknown): AttemptEnd['kind'] {
  if (error instanceof StepFailure) return 'failed'
  if (error instanceof WorkerError && error.code === 'busy') return 'busy'
  return isFinal(error) ? 'refused' : 'lost'
}

function isFinal(error: unknown): boolean {
  if (error instanceof TransportError) {
    return ['auth', 'host-key-unknown', 'host-key-changed', 'config'].includes(error.kind)
  }
  return (error instanceof WorkerError && error.code !== '') || error instanceof Refusal
}
