/** Figures of workers and machines: each is brought into its range where it enters, or refused there. */
import { describe, expect, test } from 'vitest'
import { createLineDecoder, WORKER_PREFIX } from '../src-worker/protocol/json-lines.ts'
import { parseWorkerMessage } from '../src-worker/protocol/protocol.ts'
import { parseProbe } from './machines/probe/parse-probe.ts'

const building = { board: 'a', commit_upto: 0, slot: 0, attempt: 1 }
const messages: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ready: { nthreads: 2, slots: 2 },
  build_started: { num_threads: 2 },
  worktree_created: { thread: 0 },
  heartbeat: { board: 'a', thread: 0 },
  board_started: building,
  build_result: { ...building, return_code: 0, stdout: '', stderr: '' },
  load: {
    ...{ load_avg: 1, cpu_percent: 1, mem_available_mb: 1, disk_available_mb: 1 },
    ...{ building: 0, queued: 0 },
  },
  log_chunk: { ...building, stream: 'stdout', offset: 0, text: '' },
  output_chunk: { board: 'a', commit_upto: 0, path: 'x', size: 1, offset: 0, data: '' },
  output_end: { board: 'a', commit_upto: 0, files: 1, bytes: 1, problem: '' },
  board_cancelled: { board: 'a', attempt: 1, uptos: [] },
  pong: { seq: 1 },
}

/** As a worker writes it; what is read of the field, or null where the message is refused. */
function heard(resp: string, field: string, figure: string): unknown {
  const line = JSON.stringify({ resp, ...messages[resp], [field]: '@' }).replace('"@"', figure)
  let read: unknown = null
  const decoder = createLineDecoder(WORKER_PREFIX, (decoded) => {
    if (decoded.kind !== 'message') return
    const parsed = parseWorkerMessage(decoded.value)
    if (parsed.ok) read = (parsed.message as Readonly<Record<string, unknown>>)[field]
  })
  decoder.push(Buffer.from(`${WORKER_PREFIX}${line}\n`))
  return read
}

const nasty = [
  '999999999',
  '1e7',
  '-5',
  '0.5',
  '1e308',
  '-1e308',
  '1e999',
  '-1e999',
  '1e300',
] as const
type Row = readonly [resp: string, field: string, ...read: readonly unknown[]]

const clamped: readonly Row[] = [
  ['ready', 'slots', 4096, 4096, 1, 1, 4096, 1, 4096, 1, 4096],
  ['ready', 'nthreads', 4096, 4096, 1, 1, 4096, 1, 4096, 1, 4096],
  ['ready', 'pid', 999_999_999, 1e7, 0, 0, 2 ** 31, 0, 2 ** 31, 0, 2 ** 31],
  ['ready', 'protocol', 1e6, 1e6, 0, 0, 1e6, 0, 1e6, 0, 1e6],
  ['build_started', 'num_threads', 4096, 4096, 0, 0, 4096, 0, 4096, 0, 4096],
  ['worktree_created', 'thread', 4096, 4096, 0, 0, 4096, 0, 4096, 0, 4096],
  ['heartbeat', 'thread', 4096, 4096, 0, 0, 4096, 0, 4096, 0, 4096],
  ['board_started', 'slot', 4096, 4096, 0, 0, 4096, 0, 4096, 0, 4096],
  // Not 0 never becomes 0: that would be success.
  ['build_result', 'return_code', 255, 255, -5, 1, 255, -255, 255, -255, 255],
  ['build_result', 'slot', 4096, 4096, 0, 0, 4096, 0, 4096, 0, 4096],
  ['build_result', 'duration_ms', 999_999_999, 1e7, 0, 0, 1e10, 0, 1e10, 0, 1e10],
  ['build_result', 'cpu_ms', 999_999_999, 1e7, 0, 0, 1e10, 0, 1e10, 0, 1e10],
  ['build_result', 'load_avg', 1e6, 1e6, 0, 0.5, 1e6, 0, 1e6, 0, 1e6],
  ['load', 'load_avg', 1e6, 1e6, 0, 0.5, 1e6, 0, 1e6, 0, 1e6],
  ['load', 'cpu_percent', 100, 100, 0, 0.5, 100, 0, 100, 0, 100],
  ['load', 'mem_available_mb', 999_999_999, 1e7, 0, 0, 1e12, 0, 1e12, 0, 1e12],
  ['load', 'disk_available_mb', 999_999_999, 1e7, 0, 0, 1e12, 0, 1e12, 0, 1e12],
  ['load', 'building', 1e6, 1e6, 0, 0, 1e6, 0, 1e6, 0, 1e6],
  ['load', 'queued', 1e6, 1e6, 0, 0, 1e6, 0, 1e6, 0, 1e6],
  ['output_end', 'bytes', 999_999_999, 1e7, 0, 0, 2 ** 50, 0, 2 ** 50, 0, 2 ** 50],
  ['output_end', 'files', 1e6, 1e6, 0, 0, 1e6, 0, 1e6, 0, 1e6],
  ['pong', 'seq', 999_999_999, 1e7, 0, 0, 2 ** 50, 0, 2 ** 50, 0, 2 ** 50],
]

/** What says where something belongs is right or refused; null stands for refused. */
const refused: readonly Row[] = [
  ['build_result', 'commit_upto', null, null, null, null, null, null, null, null, null],
  ['build_result', 'attempt', null, null, null, null, null, null, null, null, null],
  ['board_started', 'commit_upto', null, null, null, null, null, null, null, null, null],
  ['board_started', 'attempt', null, null, null, null, null, null, null, null, null],
  ['board_cancelled', 'attempt', null, null, null, null, null, null, null, null, null],
  ['log_chunk', 'offset', 999_999_999, 1e7, null, null, null, null, null, null, null],
  ['output_chunk', 'size', 999_999_999, 1e7, null, null, null, null, null, null, null],
  ['output_chunk', 'offset', 999_999_999, 1e7, null, null, null, null, null, null, null],
]

for (const [resp, field, ...expected] of [...clamped, ...refused]) {
  test(`${resp}: ${field}`, () => {
    expect(nasty.map((figure) => heard(resp, field, figure))).toEqual(expected)
  })
}

const reply: Readonly<Record<string, string>> = {
  ...{ hostname: 'a', system: 'Linux', arch: 'x86_64', kernel: '6', home: '/h', cores: '4' },
  ...{ threads: '4', bogomips: '50.00', load: '0.5 0.4 0.3 1/88 2205', cpu_quota: 'max 100000' },
  ...{ memory: 'MemAvailable:    700000 kB', disk: '/dev/vda3 9123456 1234567 7412345  14% /' },
}

/** The facts of a machine whose reply has this line; null where it is refused. */
function factsWith(key: string, text: string) {
  const lines = Object.entries({ ...reply, [key]: text }).map((pair) => pair.join('\t'))
  const framed = `@@slipway n begin\n${lines.join('\n')}\n@@slipway n end\n`
  const parsed = parseProbe(framed, 'n', 0)
  return parsed.ok ? parsed.value.facts : null
}

describe('a machine that is asked what it is', () => {
  test.each([
    ['cores', '999999999', 'cores', 4096],
    ['threads', '999999999', 'threads', 4096],
    ['threads', '1', 'threads', 1],
    // Not a count of threads: as many as cores.
    ['threads', '0', 'threads', 4],
    ['threads', '-5', 'threads', 4],
    ['threads', '0.5', 'threads', 4],
    ['threads', '1e308', 'threads', 4],
    ['threads', '99999999999999999999', 'threads', 4],
    ['cpu_quota', '1 1000000000', 'threads', 1],
    ['cpu_quota', '-5 100000', 'threads', 4],
    ['cpu_quota', '1e308 1', 'threads', 4],
    ['bogomips', '999999999999999', 'bogomips', 1e6],
    ['bogomips', '', 'bogomips', 0],
    ['load', '999999999999999 1 1', 'load1m', 1e6],
    ['load', '1e308', 'load1m', 1],
    ['memory', 'MemAvailable: 999999999999999 kB', 'memAvailableMb', 976_562_499_999],
    ['disk', '/dev/a 1 1 999999999999999999 1% /', 'diskAvailableMb', 976_562_499_999_999],
  ] as const)('%s: %s', (key, text, fact, expected) => {
    expect(factsWith(key, text)?.[fact]).toBe(Math.min(expected, 2 ** 40))
  })

  test.each([
    ['cores', '-5'],
    ['cores', '0'],
    ['cores', '1e308'],
    ['memory', 'MemAvailable: -5 kB'],
    ['memory', 'MemAvailable: 1e308 kB'],
    ['disk', '/dev/a 1 1 -5 1% /'],
    ['load', 'NaN'],
  ])('%s can not be %s', (key, text) => {
    expect(factsWith(key, text)).toBeNull()
  })
})
