import { deferred } from '../src-core/basics/deferred.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Lets `most` works run at once, first come first served. */
export class Gate {
  readonly #most: number
  readonly #queue: (() => void)[] = []
  #inside = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Rejects, without having begun, when `signal` is aborted in the queue. */
  async through<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#inside < this.#most) this.#inside += 1
    else await this.#placeInside(signal)
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  /** Resolves with a place inside, which whoever left has handed on. */
  async #placeInside(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve: wake } = deferred()
    this.#queue.push(wake)
    if (!signal) return promise
    try {
      await unlessAborted(promise, signal)
    } catch (error) {
      const at = this.#queue.indexOf(wake)
      if (at >= 0) this.#queue.splice(at, 1)
      // It had been handed a place already.
      else this.#leave()
      throw error
    }
  }

  #leave(): void {
    const next = this.#queue.shift()
    if (next) next()
    else this.#inside -= 1
  }
}
