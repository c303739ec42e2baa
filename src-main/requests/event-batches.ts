import type { RunEvent } from '../../src-core/run/run-events.ts'
import type { Events } from '../../src-preload/contract.ts'

/** Gathers run events and sends them to the window in batches. */
export type EventBatches = {
  /** @param version of the run's state before this event */
  add(runId: string, version: number, event: RunEvent): void
  /** Sends what waits, at once. */
  flush(): void
}

/** Milliseconds between two batches: 30 a second is more than an eye can follow. */
export const batchMs = 34

/**
 * The first event after a pause goes out at once, so that a single result is not late; while
 * they keep coming there is one batch every `batchMs`.
 */
export function createEventBatches(send: (batch: Events['run:events']) => void): EventBatches {
  let waiting: { runId: string; version: number; events: RunEvent[] } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  function flush(): void {
    const batch = waiting
    waiting = null
    if (batch) send(batch)
  }

  function tick(): void {
    timer = null
    if (!waiting) return
    flush()
    timer = setTimeout(tick, batchMs)
  }

  return {
    flush,
    add(runId, version, event) {
      if (waiting && waiting.runId !== runId) flush()
      waiting ??= { runId, version, events: [] }
      waiting.events.push(event)
      // Not at once but after this turn, so that events of one cause travel together.
      if (timer === null) timer = setTimeout(tick, 0)
    },
  }
}
