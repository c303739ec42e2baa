/** Boards, commits and events of runs, for tests. */
import { defaultBuildSettings } from '../build-options/build-settings.ts'
import type { Board, Commit, RunRequest } from '../model.ts'
import type { RunEvent } from './run-events.ts'

export function testBoard(target: string, fields: Partial<Board> = {}): Board {
  return {
    target,
    arch: 'arm',
    cpu: '',
    soc: '',
    vendor: '',
    board: '',
    config: '',
    status: 'Active',
    maintainers: [],
    ...fields,
  }
}

export function testCommit(upto: number): Commit {
  return { upto, hash: `${upto}`.padStart(40, 'a'), subject: '', author: '', currentSource: false }
}

export const testRequest: RunRequest = {
  treeDir: '/tree',
  outputDir: '/out',
  boards: [],
  commits: { kind: 'current' },
  distribute: true,
  useMachines: [],
  noLocal: false,
  settings: defaultBuildSettings,
}

/** The events that begin a run, two machines `moa` and `ruru` taking part. */
export function beginning(
  boards: readonly Board[],
  commits: number,
  runId = 'run-1',
): readonly RunEvent[] {
  return [
    {
      at: 1000,
      type: 'run-started',
      runId,
      request: testRequest,
      boards,
      commits: Array.from({ length: commits }, (_, upto) => testCommit(upto)),
      outputDir: '/out',
    },
    { at: 1000, type: 'machine-joined', machine: 'moa', hue: 2 },
    { at: 1000, type: 'machine-joined', machine: 'ruru', hue: 3 },
  ]
}

export function started(board: string, machine = 'moa', upto = 0): RunEvent {
  return { at: 2000, type: 'build-started', board, upto, machine, slot: 0, attempt: 1 }
}

export function finished(
  board: string,
  fields: Partial<Extract<RunEvent, { type: 'build-finished' }>> = {},
): RunEvent {
  return {
    at: 3000,
    type: 'build-finished',
    board,
    upto: 0,
    machine: 'moa',
    slot: 0,
    outcome: 'ok',
    reason: '',
    returnCode: 0,
    seconds: 1,
    errors: 0,
    warnings: 0,
    firstErrors: [],
    sizes: [],
    previously: false,
    ...fields,
  }
}

export function dropped(
  board: string,
  machine = 'moa',
  why: 'lost' | 'overtaken' | 'given back' = 'lost',
): RunEvent {
  return { at: 2500, type: 'build-dropped', board, upto: 0, machine, slot: 0, why, reason: '' }
}
