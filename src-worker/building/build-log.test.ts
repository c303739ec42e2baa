import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { joinExcerpt, MAX_TEXT_BYTES, openBuildLog } from './build-log.ts'

function newLog() {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-log-'))
  const log = openBuildLog(dir)
  onTestFinished(() => {
    log.close()
    rmSync(dir, { recursive: true })
  })
  return { log, dir }
}

test('what was said between two marks, of each stream', () => {
  const { log } = newLog()
  appendFileSync(log.paths.stderr, 'configuring\n')
  const from = log.mark()
  appendFileSync(log.paths.stderr, 'warning: ü\n')
  appendFileSync(log.paths.stdout, 'CC main.o\n')
  const to = log.mark()
  appendFileSync(log.paths.stderr, 'later\n')
  expect(log.text('stderr', from, to)).toEqual({ text: 'warning: ü\n', truncated: false })
  expect(log.text('stdout', from, to)).toEqual({ text: 'CC main.o\n', truncated: false })
  expect(log.read('stderr', 12, 7).toString()).toBe('warning')
  expect(log.read('stderr', 1000, 10).length).toBe(0)
})

test('a new log forgets the last one', () => {
  const { log, dir } = newLog()
  appendFileSync(log.paths.stdout, 'old')
  const again = openBuildLog(dir)
  expect(again.mark()).toEqual({ stdout: 0, stderr: 0 })
  again.close()
})

test('of a long log the beginning and the end are kept, with a line between that says so', () => {
  const { log } = newLog()
  const from = log.mark()
  const line = `${'x'.repeat(63)}\n`
  for (let i = 0; i < 3; i += 1) appendFileSync(log.paths.stdout, line.repeat(MAX_TEXT_BYTES / 128))
  appendFileSync(log.paths.stdout, 'the end\n')
  const to = log.mark()
  const { text, truncated } = log.text('stdout', from, to)
  expect(truncated).toBe(true)
  expect(text.length).toBeLessThan(MAX_TEXT_BYTES + 100)
  expect(text.endsWith('the end\n')).toBe(true)
  const missing = Number(/\[slipway: (\d+) bytes left out here\]/.exec(text)?.[1])
  const marker = /\n\[slipway: .*\n/.exec(text)?.[0] ?? ''
  expect(text.length - marker.length + missing).toBe(to.stdout)
})

test('an excerpt of lines too long to be cut at their ends', () => {
  expect(joinExcerpt(Buffer.from('aaaa'), Buffer.from('zzzz'), 100)).toBe(
    'aaaa\n[slipway: 92 bytes left out here]\nzzzz',
  )
})
