import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { beginning, finished, started, testBoard } from '../../src-core/run/test-run.ts'
import { openSentRun } from './sent-run.ts'
import { finished as made } from './test-builds.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-sent-'))
afterAll(() => rmSync(work, { recursive: true }))
const file = join(work, 'a.slipway')

const head = { type: 'slipway-run', version: 1, slipway: '0.1.0', savedAt: 1, namesHidden: false }
const [start, ...joined] = beginning([testBoard('jetty')], 1)
const over = { type: 'run-finished', at: 4000, exitCode: 0, cancelled: false } as const
const events: readonly (RunEvent | undefined)[] = [
  ...[start, ...joined, started('jetty')],
  ...[finished('jetty'), over],
]
const { record } = made()
const build = {
  type: 'build',
  board: 'jetty',
  upto: 0,
  record,
  texts: { err: 'x' },
  logLeftOut: true,
}
const end = { type: 'end', events: events.length, builds: 1 }
const whole = [head, ...events, build, end]

function packed(lines: readonly unknown[]): Buffer {
  return gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

/** What opening such a file is refused with; empty where it opens. */
async function problemOf(content: Buffer, bounds?: Parameters<typeof openSentRun>[1]) {
  writeFileSync(file, content)
  const opened = await openSentRun(file, bounds)
  return opened.ok ? '' : opened.problem.what
}

test('a file opens, and says which log it lacks', async () => {
  expect(await problemOf(packed(whole))).toBe('')
  const opened = await openSentRun(file)
  const sent = opened.ok ? opened.value : null
  const [commit] = sent?.run.commits ?? []
  expect(sent?.name).toBe('a.slipway')
  expect(commit && sent?.kept.files(commit, 'jetty').text('log')).toMatch(/not part of the file/)
  expect(commit && sent?.kept.files(commit, 'other').record()).toBe(null)
})

test('what a later version adds is left out', async () => {
  const later = { ...build, more: 1 }
  const event = { ...started('jetty'), colour: 'red' }
  const added = [head, ...events.slice(0, 3), event, ...events.slice(4), later, end]
  expect(await problemOf(packed(added))).toBe('')
})

const damaged = "a.slipway can't be opened: it is damaged"
const cutShort = "a.slipway can't be opened: it is cut short"
const noRun = "a.slipway can't be opened: it is no run that Slipway saved"

test('a file of a newer version says so', async () => {
  expect(await problemOf(packed([{ ...head, version: 2, new: true }, 'whatever']))).toBe(
    "a.slipway can't be opened: a newer Slipway saved it (its format is 2, this one knows 1)",
  )
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('hello')],
  ['other things in gzip', gzipSync('hello\n')],
  ['nothing in gzip', gzipSync('')],
  ['a log of ours', packed([start])],
])('what is no run of ours: %s', async (_, content) => {
  expect(await problemOf(content)).toMatch(content.length > 0 ? noRun : cutShort)
})

test('a file that is cut anywhere is cut short or damaged, never half a run', async () => {
  const all = packed(whole)
  for (let length = 1; length < all.length; length += 1) {
    const problem = await problemOf(all.subarray(0, length))
    expect(problem, `${length} bytes`).not.toBe('')
    if (length > 2) expect(problem).toMatch(/cut short|no run that/)
  }
  expect(await problemOf(packed(whole.slice(0, -1)))).toBe(cutShort)
})

test('a bit that changed on the way is noticed', async () => {
  const all = packed(whole)
  const content = gunzipSync(all)
  for (let at = 10; at < all.length; at += 1) {
    const changed = Buffer.from(all)
    changed[at] = (changed[at] ?? 0) ^ 0x10
    // A few bits at the end of the packed data mean nothing.
    const isSame = at === all.length - 9 && gunzipSync(changed).equals(content)
    if (!isSame) expect(await problemOf(changed), `byte ${at}`).not.toBe('')
  }
})

const twoOf = (event: RunEvent | undefined) => ({
  ...event,
  ...{ boards: [testBoard('a'), testBoard('a')] },
})

test.each<[string, readonly unknown[]]>([
  ['a line that is no JSON object', [head, 'x', ...events, build, end]],
  ['an event before the first', [head, ...joined, start, over, { ...end, events: 4, builds: 0 }]],
  ['two beginnings', [head, start, ...events, { ...end, events: 7, builds: 0 }]],
  ['a run without an end', [head, start, { ...end, events: 1, builds: 0 }]],
  ['a lie about how much there is', [head, ...events, build, { ...end, builds: 2 }]],
  ['more after the end', [...whole, build]],
  [
    'a build of a board that is not in the run',
    [head, ...events, { ...build, board: '../x' }, end],
  ],
  ['a commit that is not in the run', [head, ...events, { ...build, upto: 5 }, end]],
  ['one board twice', [head, twoOf(start), over, { ...end, events: 2, builds: 0 }]],
  ['a time that no calendar has', [head, { ...start, at: 1e300 }, ...events.slice(1), build, end]],
  ['events years apart', [head, start, { ...over, at: 9e14 }, { ...end, events: 2, builds: 0 }]],
  [
    'a text with a path as its name',
    [head, ...events, { ...build, texts: { '../log': 'x' } }, end],
  ],
  [
    'sizes that are no numbers',
    [head, ...events, { ...build, record: { ...record, sizes: [{}] } }, end],
  ],
  ['negative figures', [head, ...events, { ...build, record: { ...record, errors: -1 } }, end]],
  [
    'a slot beyond all machines',
    [head, ...events.slice(0, 3), { ...started('jetty'), slot: 1e9 }, over],
  ],
])('%s is damage', async (_, lines) => {
  expect(await problemOf(packed(lines))).toContain(damaged)
})

test('more builds than fit into memory, by their numbers alone, are refused before room is made', async () => {
  const boards = Array.from({ length: 5000 }, (_, index) => testBoard(`b${index}`))
  const [huge] = beginning(boards, 5000)
  expect(await problemOf(packed([head, huge]))).toContain(damaged)
})

test('more machines or slots than a window can show are damage', async () => {
  const machines = Array.from({ length: 300 }, (_, index) => ({
    ...{ type: 'machine-joined', at: 1000, machine: `m${index}`, hue: 1 },
  }))
  expect(await problemOf(packed([head, start, ...machines]))).toContain(damaged)
  const ready = {
    type: 'machine-changed',
    at: 1,
    machine: 'moa',
    phase: 'ready',
    detail: '',
    slots: 99_999,
  }
  expect(await problemOf(packed([head, start, ...joined, ready]))).toContain(damaged)
})

test('a bomb is left when it has grown too large', async () => {
  const bounds = { packed: 1024 * 1024, unpacked: 1024 * 1024 }
  const bomb = gzipSync(
    Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), Buffer.alloc(8e6, 32)]),
  )
  expect(bomb.length).toBeLessThan(bounds.packed)
  expect(await problemOf(bomb, bounds)).toMatch(/there is more in it than a run has/)
  expect(await problemOf(packed(whole), { ...bounds, packed: 10 })).toMatch(/too large to be a run/)
})

test('hundreds of thousands of events are read', async () => {
  const loads = Array.from({ length: 300_000 }, (_, index) => ({
    ...{ type: 'machine-load', at: 1000 + index, machine: 'moa', load1m: 1, memAvailableMb: 1 },
  }))
  const lines = [head, ...events.slice(0, -1), ...loads, over, build]
  const many = { ...end, events: events.length + loads.length }
  expect(await problemOf(packed([...lines, many]))).toBe('')
})

test('a folder and a file that is not there are said, and what was opened is left as it was', async () => {
  mkdirSync(join(work, 'folder'))
  expect(await openSentRun(join(work, 'folder'))).toMatchObject({
    problem: { what: "folder can't be opened: it is no file" },
  })
  expect(await openSentRun(join(work, 'gone'))).toMatchObject({
    problem: { what: "gone can't be opened: it is not there" },
  })
  const content = packed(whole.slice(0, -1))
  await problemOf(content)
  expect(readFileSync(file)).toEqual(content)
})
