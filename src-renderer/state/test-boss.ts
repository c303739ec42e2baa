import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import type { Board, Commit, RunRequest } from '../../src-core/model.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import type { Envelope } from '../../src-preload/bridge.ts'
import type { Events, RequestName } from '../../src-preload/contract.ts'
import { createBossClient } from '../boss-client.ts'

/** What a test's boss says to a request; a promise lets the test choose the moment. */
export type Answers = Partial<Record<RequestName, (args: never) => unknown>>

/** The other end of the bridge, for tests: answers what it is told to and writes down what was asked. */
export function testBoss(answers: Answers) {
  let listener: (name: string, payload: unknown) => void = () => {}
  const asked: { readonly name: string; readonly args: unknown }[] = []
  const boss = createBossClient({
    pathOf: () => '',
    subscribe(hear) {
      listener = hear
      return () => {
        listener = () => {}
      }
    },
    async invoke(name, args): Promise<Envelope> {
      asked.push({ name, args })
      const answer = answers[name as RequestName]
      if (!answer) return { ok: false, error: `${name} is not answered in this test` }
      return { ok: true, reply: await answer(args as never) }
    },
  })
  return {
    boss,
    asked,
    emit: <E extends keyof Events>(name: E, payload: Events[E]) => listener(name, payload),
  }
}

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
