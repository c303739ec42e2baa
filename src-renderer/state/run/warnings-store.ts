import { createStore } from 'zustand/vanilla'
import { type RunState, stateOf } from '../../../src-core/run/run-state.ts'
import type { Diagnosis } from '../../../src-preload/contract.ts'
import type { BossClient } from '../../boss-client.ts'
import { attempt } from '../attempt.ts'
import { buildOfCell } from './build-of-cell.ts'
import type { RunStore } from './run-store.ts'

export type WarningsStore = ReturnType<typeof createWarningsStore>

type Warnings = ReadonlyMap<number, readonly string[]>

/** What a tooltip has room for. */
const mostLines = 3
/** Builds whose warnings are kept. */
const mostBuilds = 500

/**
 * The first warnings of builds that the pointer rests on, by cell: no event of a run has them, so they are
 * read out of the log, one log at a time.
 */
export function createWarningsStore(boss: BossClient, runs: RunStore) {
  const store = createStore<{ readonly lines: Warnings }>(() => ({ lines: new Map() }))
  let shape = -1
  let isReading = false
  /** The newest wish while a log is read: the pointer has left all cells before it. */
  let next = -1

  async function read(cell: number): Promise<void> {
    const mine = shape
    const build = buildOfCell(runs.run(), cell)
    if (!build) return
    const request = boss.request('build:log', build)
    const reply = await attempt('The log could not be read', request)
    // Without its log a build has no warnings to show, and is not asked for again.
    const lines = reply.ok ? linesOf(reply.value.diagnostics) : []
    if (mine === shape) keep(cell, lines)
  }

  function keep(cell: number, lines: readonly string[]): void {
    const before = [...store.getState().lines].slice(1 - mostBuilds)
    store.setState({ lines: new Map([...before, [cell, lines]]) })
  }

  async function want(cell: number): Promise<void> {
    if (!isWarned(runs.run(), cell) || store.getState().lines.has(cell)) return
    next = cell
    if (isReading) return
    isReading = true
    for (; next >= 0; ) {
      const now = next
      next = -1
      await read(now)
    }
    isReading = false
  }

  const dispose = runs.store.subscribe((now) => {
    if (now.shape === shape) return
    shape = now.shape
    store.setState({ lines: new Map() })
  })
  return { store, want, dispose }
}

function isWarned(run: RunState, cell: number): boolean {
  return stateOf(run, cell) === 'warnings'
}

/** `drivers/a.c:7: unused variable 'x'`, as the first errors of a failed build are shown. */
function linesOf(diagnostics: readonly Diagnosis[]): readonly string[] {
  return diagnostics
    .filter(({ kind }) => kind === 'warning')
    .slice(0, mostLines)
    .map(({ file, line, text }) => {
      const place = line > 0 ? `${file}:${line}` : file
      return place === '' ? text : `${place}: ${text}`
    })
}
