import { setTimeout as sleep } from 'node:timers/promises'

/** A limit on how long we wait for a machine, which stands still while a person is asked. */
export type WaitingTime = {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal
  /** Runs `question`; the time it takes does not count. */
  asking<T>(question: () => Promise<T>): Promise<T>
  /** Resolves after `ms`, rejects when the time is over before. */
  pause(ms: number): Promise<void>
  end(): void
}

export function createWaitingTime(limitMs: number, reason: () => Error): WaitingTime {
  const controller = new AbortController()
  let left = limitMs
  let since = 0
  let questions = 0
  let timer: NodeJS.Timeout | undefined
  const go = () => {
    since = performance.now()
    timer = setTimeout(() => controller.abort(reason()), left)
  }
  const stand = () => {
    clearTimeout(timer)
    left = Math.max(0, left - (performance.now() - since))
  }
  go()
  let ended = false
  return {
    signal: controller.signal,
    async asking(question) {
      if (questions++ === 0) stand()
      try {
        return await question()
      } finally {
        if (--questions === 0 && !ended) go()
      }
    },
    async pause(ms) {
      await sleep(ms, undefined, { signal: controller.signal })
    },
    end() {
      ended = true
      clearTimeout(timer)
    },
  }
}
