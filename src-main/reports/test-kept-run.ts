/** A run of two commits whose results and log lie on disk, for tests. */
import { mkdirSync } from 'node:fs'
import type { Commit, Outcome } from '../../src-core/model.ts'
import { outcomeOfRecord } from '../../src-core/run/outcome-events.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import { testBoard, testRequest } from '../../src-core/run/test-run.ts'
import { openResultStore } from '../results/result-store.ts'
import { openRunLog, readRun, runLogPath } from '../results/run-log.ts'
import { commit, finished } from '../results/test-builds.ts'

export const runId = '20260102-030405-abcd'
const commits: readonly Commit[] = [commit(0, 'a', 'first'), commit(1, 'b', 'second')]
const boards = ['jetty', 'drift', 'never'].map((target) => testBoard(target))
const start = 1_700_000_000_000

const texts: Readonly<Record<Exclude<Outcome, 'not built'>, object>> = {
  ok: { stdout: '  CC      common/main.o\n' },
  warnings: {
    stdout: '  CC      common/warn.o\n',
    stderr: '/home/ann/u-boot/common/warn.c:3:7: warning: unused variable x [-Wunused-variable]\n',
  },
  failed: {
    stdout: '  CC      drivers/bad.o on moa.example.org\n',
    stderr: 'drivers/bad.c:1:2: error: no such thing, says ann@moa\nmake: *** Error 1\n',
    return_code: 2,
  },
}

/** By board, what comes of it at each commit. */
const outcomes = { jetty: ['ok', 'failed'], drift: ['warnings', 'ok'] } as const

/** Makes the run; `ended: false` leaves its log as its boss's death would. */
export async function keptRun(outputDir: string, ended = true): Promise<RunState> {
  mkdirSync(outputDir, { recursive: true })
  const store = openResultStore({ base: outputDir, layout: 'subfolders' })
  const log = await openRunLog(runLogPath(outputDir, runId))
  const tell = (at: number, event: object) => log.append({ at: start + at, ...event } as RunEvent)
  const request = {
    ...testRequest,
    treeDir: '/home/ann/u-boot',
    outputDir,
    boards: boards.map(({ target }) => target),
    commits: { kind: 'branch' as const, branch: 'ann/work' },
    useMachines: ['moa'],
  }
  tell(0, { type: 'run-started', runId, request, boards, commits, outputDir })
  tell(1, { type: 'machine-joined', machine: 'local', hue: 1 })
  tell(1, { type: 'machine-joined', machine: 'moa', hue: 4 })
  const workDir = '/home/ann/.cache/slipway/work'
  tell(2, {
    type: 'machine-changed',
    machine: 'moa',
    phase: 'ready',
    detail: '',
    slots: 2,
    workDir,
  })
  tell(3, { type: 'machine-load', machine: 'moa', load1m: 1.5, memAvailableMb: 900 })
  for (const [board, all] of Object.entries(outcomes)) {
    for (const [upto, outcome] of all.entries()) {
      const at = 1000 * (upto + 1)
      const one = commits[upto]
      if (!one) continue
      const made = finished(
        { board, ...texts[outcome] },
        { runId, machine: 'moa', hash: one.hash, isFirst: upto === 0, settings: '/home/ann/x.cfg' },
      )
      await store.write(board, one, made)
      tell(at, { type: 'build-started', board, upto, machine: 'moa', slot: 1, attempt: 1 })
      tell(at + 500, outcomeOfRecord(board, upto, made.record, { slot: 1 }))
    }
  }
  for (const { upto } of commits) {
    const why = { outcome: 'not built', reason: 'no compiler on moa', machine: '', seconds: 0 }
    const none = { returnCode: 0, errors: 0, warnings: 0, firstErrors: [], sizes: [] }
    const event = { ...why, ...none, board: 'never', upto, slot: 0, previously: false }
    tell(2600, { type: 'build-finished', ...event })
  }
  tell(2700, {
    type: 'note',
    level: 'warning',
    machine: 'moa',
    text: 'moa (10.1.2.3) has a slow disk',
  })
  if (ended) tell(3000, { type: 'run-finished', exitCode: 101, cancelled: false })
  await log.close()
  return (await readRun(runLogPath(outputDir, runId))).run
}
