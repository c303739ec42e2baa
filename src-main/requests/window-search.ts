import type { BisectState } from '../../src-core/bisect/bisect-state.ts'
import type { Finding } from '../../src-core/bisect/culprit-stand.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import type { Bisect, BisectRequest } from '../boss/bisect/bisect.ts'
import { sparseTelling } from './sparse-telling.ts'
import type { Emit, WindowBoss } from './window-boss.ts'

type Asked = Omit<BisectRequest, 'signal'>

/** The search for a commit that the window shows: the one under way, or the last one of this session. */
export class WindowSearch {
  readonly #windowBoss: WindowBoss
  readonly #emit: Emit
  #asked: Asked | null = null
  #bisect: Bisect | null = null
  /** What a person said, by commit. */
  #marks = new Map<number, Finding>()
  readonly #telling = sparseTelling(() => this.#tell())

  constructor(windowBoss: WindowBoss, emit: Emit) {
    this.#windowBoss = windowBoss
    this.#emit = emit
  }

  state(): BisectState | null {
    return this.#bisect?.state ?? null
  }

  async start(asked: Asked): Promise<Result<void>> {
    const started = await this.#windowBoss.startSearch(asked)
    if (!started.ok) return started
    this.#asked = asked
    this.#marks = new Map()
    this.#follow(started.value)
    return ok(undefined)
  }

  /** The same once more: what was built is not built again. */
  async goOn(withMarks: boolean): Promise<Result<void>> {
    if (!this.#asked) return fail('There was no search yet')
    const marks = withMarks ? this.#marks : new Map<number, Finding>()
    const started = await this.start(this.#asked)
    if (!started.ok) return started
    for (const [upto, finding] of marks) this.mark(upto, finding)
    return ok(undefined)
  }

  mark(upto: number, finding: Finding): Result<void> {
    const bisect = this.#bisect
    if (bisect?.state.phase !== 'searching')
      return fail('The search is over: nothing can be marked')
    if (!bisect.state.commits[upto]) return fail(`The search has no commit ${upto}`)
    this.#marks.set(upto, finding)
    bisect.mark(upto, finding)
    return ok(undefined)
  }

  #follow(bisect: Bisect): void {
    this.#bisect = bisect
    bisect.onChange(this.#telling.soon)
    void bisect.finished.then(this.#telling.now)
    this.#telling.now()
  }

  #tell(): void {
    const state = this.state()
    if (!state) return
    const { commits: _, ...progress } = state
    this.#emit('bisect:changed', progress)
  }
}
