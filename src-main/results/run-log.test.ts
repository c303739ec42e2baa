import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { openRunLog, readRun, replayRunLog, runLogPath } from './run-log.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-run-log-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const note = (text: string, at = 1): RunEvent => ({
  at,
  type: 'note',
  level: 'info',
  machine: '',
  text,
})

async function readBack(path: string): Promise<{ texts: string[]; damaged: number }> {
  const texts: string[] = []
  const { damaged } = await replayRunLog(path, (event) => {
    texts.push(event.type === 'note' ? event.text : event.type)
  })
  return { texts, damaged }
}

test('what is appended is read back in order, also what came while it was writing', async () => {
  const path = runLogPath(work, 'run-1')
  const log = await openRunLog(path)
  const expected = Array.from({ length: 2000 }, (_, i) => `event ${i}`)
  for (const [i, text] of expected.entries()) {
    log.append(note(text))
    if (i % 500 === 0) await log.sync()
  }
  await log.close()
  expect(await readBack(path)).toEqual({ texts: expected, damaged: 0 })
})

test('nothing is lost that comes in the middle of a write', async () => {
  const path = runLogPath(work, 'run-1b')
  const log = await openRunLog(path)
  const expected = Array.from({ length: 3000 }, (_, i) => `event ${i}`)
  for (const [i, text] of expected.entries()) {
    log.append(note(text))
    // Lets the writer take a step now and then, without waiting for it to be done.
    if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await log.close()
  expect(await readBack(path)).toEqual({ texts: expected, damaged: 0 })
})

test('without sync or close an event is in the file soon', async () => {
  const path = runLogPath(work, 'run-2')
  const log = await openRunLog(path)
  log.append(note('hello'))
  await expect.poll(() => readFileSync(path, 'utf8'), { interval: 5 }).toContain('hello')
  log.append(note('again'))
  await expect.poll(() => readFileSync(path, 'utf8'), { interval: 5 }).toContain('again')
  await log.close()
})

test('a torn last line is left out, and what is appended later stands on its own line', async () => {
  const path = runLogPath(work, 'run-3')
  const log = await openRunLog(path)
  log.append(note('first'))
  log.append(note('second'))
  await log.close()
  truncateSync(path, readFileSync(path).length - 10)
  expect(await readBack(path)).toEqual({ texts: ['first'], damaged: 1 })
  const again = await openRunLog(path)
  again.append(note('third'))
  await again.close()
  expect(await readBack(path)).toEqual({ texts: ['first', 'third'], damaged: 1 })
})

test('bytes that are no event are passed over', async () => {
  const path = join(work, 'odd.jsonl')
  writeFileSync(path, '\0\0\0\n[]\nnull\n{"type":"note"}\n{"type":"toString","at":1}\n"x"\n\n')
  appendFileSync(path, `${JSON.stringify(note('good'))}\n`)
  appendFileSync(path, Buffer.from([0xff, 0xfe, 0x0a]))
  expect(await readBack(path)).toEqual({ texts: ['good'], damaged: 7 })
})

test('a line that no event is as long as costs its own event alone', async () => {
  const path = runLogPath(work, 'run-long')
  const log = await openRunLog(path)
  for (const text of ['before', 'x'.repeat(5000), 'after']) log.append(note(text))
  await log.close()
  const texts: string[] = []
  const replay = await replayRunLog(
    path,
    (event) => texts.push(event.type === 'note' ? event.text : event.type),
    () => true,
    4000,
  )
  expect({ texts, ...replay }).toEqual({ texts: ['before', 'after'], events: 2, damaged: 1 })
})

test('a run whose boss died opens as far as it came', async () => {
  const path = runLogPath(work, 'run-4')
  const log = await openRunLog(path)
  log.append({
    at: 1000,
    type: 'run-started',
    runId: 'run-4',
    request: {} as never,
    boards: [{ target: 'sandbox' } as never, { target: 'jetty' } as never],
    commits: [{ upto: 0, hash: 'a', subject: 's', author: '', currentSource: true }],
    outputDir: work,
  })
  log.append({ at: 1001, type: 'machine-joined', machine: 'local', hue: 1 })
  const build = { board: 'sandbox', upto: 0, machine: 'local', slot: 0 }
  log.append({ at: 1002, type: 'build-started', ...build, attempt: 1 })
  await log.close()
  appendFileSync(path, '{"at":1003,"type":"build-fin')
  const { run, replay } = await readRun(path)
  expect(run.counts).toMatchObject({ building: 1, queued: 1 })
  expect(replay).toEqual({ events: 3, damaged: 1 })
})

test('a disk that is full is told once; the events wait', async () => {
  const problems: string[] = []
  const log = await openRunLog('/dev/full', { onProblem: (message) => problems.push(message) })
  log.append(note('one'))
  await expect(log.sync()).rejects.toThrow(/ENOSPC/)
  log.append(note('two'))
  await expect(log.sync()).rejects.toThrow(/ENOSPC/)
  await expect(log.close()).rejects.toThrow(/ENOSPC/)
  expect(problems).toHaveLength(1)
})

test('a run id is not a way out of the folder', () => {
  for (const id of ['../x', 'a/b', '..', '', 'a\0']) expect(() => runLogPath(work, id)).toThrow()
})
