import { fail, type Result } from '../../../src-core/result.ts'
import { StallLimit } from '../../machines/transport/stall-limit.ts'
import type { StepTeller } from '../machine-steps.ts'

/**
 * Does a step that tells how far it is. One that tells nothing new for `stallMs` is ended, and its
 * problem says so. How long it takes in all does not matter.
 */
export async function withinStall<T>(
  what: string,
  stallMs: number,
  stop: AbortSignal,
  tell: StepTeller,
  step: (tell: StepTeller, signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  const stalled = new StallLimit(stallMs, () => new Error('no progress'))
  const signal = AbortSignal.any([stop, stalled.signal])
  const late = new Promise<Result<T>>((resolve) => {
    stalled.signal.addEventListener('abort', () =>
      resolve(fail(`${what} made no progress for ${Math.round(stallMs / 1000)} s`)),
    )
  })
  let newest = ''
  const heard: StepTeller = (detail, progress) => {
    const told = `${detail} ${progress?.done}`
    if (told !== newest) stalled.touch()
    newest = told
    tell(detail, progress)
  }
  try {
    const work = step(heard, signal)
    // Once it is late, nobody hears of its own end.
    work.catch(() => {})
    return await Promise.race([work, late])
  } finally {
    stalled.stop()
  }
}
