import { expect, test } from 'vitest'
import { decodeLine, WORKER_PREFIX } from './json-lines.ts'
import {
  packFiles,
  parseBossMessage,
  parseWorkerMessage,
  unpackFiles,
  type WorkerMessage,
} from './protocol.ts'

function workerSays(line: string): WorkerMessage {
  const decoded = decodeLine(line, WORKER_PREFIX)
  if (decoded.kind !== 'message') throw new Error(`not a message: ${line}`)
  const parsed = parseWorkerMessage(decoded.value)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.message
}

test("what buildman's own worker says is understood, with nothing but its keys", () => {
  const transcript = [
    'BM> {"resp": "ready", "nthreads": 8, "slots": 8}',
    'BM> {"resp": "configure_done"}',
    'BM> {"resp": "build_started", "num_threads": 2}',
    'BM> {"resp": "worktree_created", "thread": 0}',
    'BM> {"resp": "build_prepare_done"}',
    'BM> {"resp": "heartbeat", "board": "sandbox", "thread": 0}',
    'BM> {"resp": "build_result", "board": "sandbox", "commit_upto": 0, "return_code": 0, "stderr": "", "stdout": "", "load_avg": 0.5, "sizes": {"raw": "1 2 3 6 6 u-boot"}}',
    'BM> {"resp": "build_done", "exceptions": 0}',
    'BM> {"resp": "error", "msg": "unknown command: x"}',
    'BM> {"resp": "quit_ack"}',
  ]
  expect(transcript.map((line) => workerSays(line).resp)).toEqual([
    'ready',
    'configure_done',
    'build_started',
    'worktree_created',
    'build_prepare_done',
    'heartbeat',
    'build_result',
    'build_done',
    'error',
    'quit_ack',
  ])
  expect(workerSays('BM> {"resp":"ready","nthreads":4,"slots":4}')).toMatchObject({ features: [] })
})

test('a reference configure gets defaults for our settings', () => {
  const parsed = parseBossMessage({
    cmd: 'configure',
    settings: { no_lto: true },
    toolchains: { arm: '/usr/bin/arm-linux-gnueabi-gcc' },
  })
  if (!parsed.ok || parsed.message.cmd !== 'configure') throw new Error('not parsed')
  expect(parsed.message.settings).toMatchObject({ no_lto: true, kconfig_check: true, jobs: 0 })
  expect(parsed.message.make_flags).toEqual({})
})

test('an unknown name and a wrong type are told apart, and say what is wrong', () => {
  expect(parseBossMessage({ cmd: 'dance' })).toEqual({
    ok: false,
    unknown: true,
    name: 'dance',
    problem: 'unknown cmd "dance"',
  })
  expect(parseBossMessage({ board: 'x' })).toMatchObject({ unknown: true, problem: 'no "cmd"' })
  const wrong = parseBossMessage({ cmd: 'build_board', board: 7, arch: 'arm' })
  expect(wrong).toMatchObject({ ok: false, unknown: false, name: 'build_board' })
  expect(wrong).toMatchObject({ problem: expect.stringContaining('board') })
})

test('packed files come back as they were, and a wrong packet throws', () => {
  const files = { '.config': 'CONFIG_ARM=y\n', 'u-boot.sizes': 'ü'.repeat(5000) }
  expect(unpackFiles(packFiles(files))).toEqual(files)
  expect(() => unpackFiles('bm90IGd6aXA=')).toThrow()
  expect(() => unpackFiles(packFiles({ big: 'x'.repeat(65 * 1024 * 1024) }))).toThrow()
})
