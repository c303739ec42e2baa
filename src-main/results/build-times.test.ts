import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBuildTimes } from './build-times.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-times-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const started = JSON.stringify({
  at: 1,
  type: 'run-started',
  runId: 'r',
  boards: [{ target: 'jetty' }, { target: 'drift' }],
  commits: [{ hash: 'a' }, { hash: 'b' }],
})

function finished(board: string, upto: number, at: number, outcome = 'ok'): string {
  const type = 'build-finished'
  return JSON.stringify({ at, type, board, upto, machine: 'moa', seconds: 2.5, outcome })
}

function writeLog(name: string, lines: readonly string[]): string {
  const path = join(work, `${name}.jsonl`)
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
  return path
}

const times = (path: string) => path.replace('.jsonl', '.times')

test('what a log says of builds is kept beside it, and read from there', async () => {
  const path = writeLog('kept', [started, finished('jetty', 1, 1_700_000_000_123, 'failed')])
  const expected = [
    { upto: 1, hash: 'b', at: 1_700_000_000_123, seconds: 2.5, machine: 'moa', outcome: 'failed' },
  ]
  expect((await readBuildTimes(path))?.ofBoard('jetty')).toEqual(expected)
  // Of the same length, so that only the file beside it can still say it.
  writeFileSync(path, ' '.repeat(readFileSync(path).length))
  expect((await readBuildTimes(path))?.ofBoard('jetty')).toEqual(expected)
  expect((await readBuildTimes(path))?.ofBoard('drift')).toEqual([])
  expect((await readBuildTimes(path))?.ofBoard('nowhere')).toEqual([])
})

test('a log that has grown is read again', async () => {
  const path = writeLog('grown', [started, finished('jetty', 0, 5)])
  expect((await readBuildTimes(path))?.ofBoard('drift')).toEqual([])
  appendFileSync(path, `${finished('drift', 0, 9)}\n`)
  expect((await readBuildTimes(path))?.ofBoard('drift')).toHaveLength(1)
})

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
  ['of something else', () => Buffer.from('{"version":1}\n')],
  ['without a line', () => Buffer.alloc(4096)],
])('a file beside it that is %s is made again', async (name, damage) => {
  const path = writeLog(name.replaceAll(' ', '-'), [started, finished('jetty', 0, 5)])
  await readBuildTimes(path)
  writeFileSync(times(path), damage(readFileSync(times(path))))
  expect((await readBuildTimes(path))?.ofBoard('jetty')).toHaveLength(1)
  expect(readFileSync(times(path)).length).toBeGreaterThan(50)
})

test('there is nothing without a log, or where it tells of no run', async () => {
  expect(await readBuildTimes(join(work, 'gone.jsonl'))).toBeNull()
  expect(await readBuildTimes(writeLog('empty', ['not json', '{}']))).toBeNull()
})
