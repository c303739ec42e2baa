/** Boards a minute by machine, over the last minute: from counts taken now and then. */
export class RateMeter {
  private readonly windowMs: number
  private readonly samples = new Map<string, { at: number; done: number }[]>()

  constructor(windowMs = 60_000) {
    this.windowMs = windowMs
  }

  /** Notes how many boards a machine has done by now; a lower count than before starts over. */
  note(name: string, done: number, at: number): void {
    const samples = this.samples.get(name) ?? []
    if ((samples.at(-1)?.done ?? 0) > done) samples.length = 0
    samples.push({ at, done })
    // One sample older than the window stays: the rate is between it and now.
    while ((samples[1]?.at ?? at) < at - this.windowMs) samples.shift()
    this.samples.set(name, samples)
  }

  /** Boards a minute; null until it has been watched for a few seconds. */
  perMinute(name: string): number | null {
    const samples = this.samples.get(name)
    const [first, last] = [samples?.[0], samples?.at(-1)]
    if (!first || !last || last.at - first.at < 3000) return null
    return ((last.done - first.done) * 60_000) / (last.at - first.at)
  }
}
