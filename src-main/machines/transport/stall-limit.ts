/** Aborts what stands still: `signal` fires once nobody called `touch` for `ms` milliseconds. */
export class StallLimit {
  readonly signal: AbortSignal
  readonly #timer: NodeJS.Timeout

  /** `reason`: what the work is then rejected with. */
  constructor(ms: number, reason: () => Error) {
    const controller = new AbortController()
    this.signal = controller.signal
    this.#timer = setTimeout(() => controller.abort(reason()), ms)
  }

  /** Something moved. */
  touch(): void {
    this.#timer.refresh()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
