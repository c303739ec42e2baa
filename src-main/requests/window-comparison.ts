import type { ComparisonState } from '../../src-core/alike/comparison-state.ts'
import { ok, type Result } from '../../src-core/result.ts'
import type { ComparisonRequest, MachineComparison } from '../boss/alike/compare-machines.ts'
import { sparseTelling } from '../sparse-telling.ts'
import type { Emit, WindowBoss } from './window-boss.ts'

/** The comparison of machines that the window shows: the one under way, or the last one of this session. */
export class WindowComparison {
  readonly #windowBoss: WindowBoss
  readonly #emit: Emit
  #comparison: MachineComparison | null = null
  #stop = new AbortController()
  readonly #telling = sparseTelling(() => this.#tell())

  constructor(windowBoss: WindowBoss, emit: Emit) {
    this.#windowBoss = windowBoss
    this.#emit = emit
  }

  state(): ComparisonState | null {
    return this.#comparison?.state ?? null
  }

  start(asked: Omit<ComparisonRequest, 'signal'>): Result<void> {
    const stop = new AbortController()
    const started = this.#windowBoss.compare({ ...asked, signal: stop.signal })
    if (!started.ok) return started
    const comparison = started.value
    this.#stop = stop
    this.#comparison = comparison
    comparison.onChange(this.#telling.soon)
    void comparison.finished.then(this.#telling.now)
    this.#telling.now()
    return ok(undefined)
  }

  stop(): void {
    this.#stop.abort()
  }

  #tell(): void {
    const state = this.state()
    if (state) this.#emit('compare:changed', state)
  }
}
