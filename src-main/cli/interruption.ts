import type { Output } from './text/output.ts'

/** The person's (or the system's) wish that this program end. */
export type Interruption = {
  /** Aborted at the first one. A second one ends the program at once, with status 1. */
  readonly signal: AbortSignal
  /** From now on signals end the program as usual. */
  stop(): void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function watchInterruption(output: Output): Interruption {
  const controller = new AbortController()
  const interrupt = () => {
    // Workers end by themselves when their line does.
    if (controller.signal.aborted) process.exit(1)
    output.err('\nslipway: stopping; once more to leave at once\n')
    controller.abort(new Error('interrupted'))
  }
  for (const name of signals) process.on(name, interrupt)
  return {
    signal: controller.signal,
    stop() {
      for (const name of signals) process.off(name, interrupt)
    },
  }
}
