import type { RunEvent } from '../../src-core/run/run-events.ts'
import { applyEvent, emptyRun, type RunState } from '../../src-core/run/run-state.ts'
import { brokenOff, RunLogReader } from './run-log.ts'

/** How often the log of a run that goes on is read on, milliseconds. */
const lookEveryMs = 1000

export type FollowedRunOptions = {
  readonly logPath: string
  /** Whether somebody still drives it. */
  readonly isAlive: () => Promise<boolean>
  /** Told of what was added, with the version of the state before. */
  readonly onEvent: (event: RunEvent, version: number) => void
  /** Told when it ended after it was opened. */
  readonly onEnd: () => void
}

/**
 * A run as its log tells it. One that another window or a terminal drives is followed until its end,
 * which is the end of whoever drives it where the log has none.
 */
export class FollowedRun {
  readonly state: RunState = emptyRun()
  readonly #options: FollowedRunOptions
  readonly #reader: RunLogReader
  #timer: NodeJS.Timeout | null = null
  #isOpen = false

  private constructor(options: FollowedRunOptions) {
    this.#options = options
    this.#reader = new RunLogReader(options.logPath, (event) => this.#take(event))
  }

  /** Rejects where the log can't be read. */
  static async open(options: FollowedRunOptions): Promise<FollowedRun> {
    const run = new FollowedRun(options)
    await run.#look()
    run.#isOpen = true
    return run
  }

  /** Somebody else drives it. */
  get goesOn(): boolean {
    return this.state.finishedAt === 0
  }

  /** Reads no more. */
  leave(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  async #look(): Promise<void> {
    // Asked before, so that nothing which was written while it lived is left unread.
    const isAlive = await this.#options.isAlive()
    await this.#reader.readOn()
    if (!isAlive && this.goesOn) this.#take(brokenOff(this.state))
    if (this.goesOn) this.#timer = setTimeout(() => void this.#lookAgain(), lookEveryMs).unref()
  }

  async #lookAgain(): Promise<void> {
    if (!this.#timer) return
    // A log that is gone tells nothing more; so it ends as it stood.
    await this.#look().catch(() => this.#take(brokenOff(this.state)))
  }

  #take(event: RunEvent): void {
    if (!this.goesOn) return
    const { version } = this.state
    applyEvent(this.state, event)
    if (!this.#isOpen) return
    this.#options.onEvent(event, version)
    if (!this.goesOn) this.#options.onEnd()
  }
}
