import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filesIn } from '../results/kept-results.ts'
import { finished } from '../results/test-builds.ts'
import { gapsOf } from './log-gaps.ts'

function folderWith(log: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-gaps-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'log'), log)
  return folder
}

const stdout = (text: string) => ({ stream: 'stdout', file: 'log', text, linesBefore: 2 }) as const

test('what is beyond what was read is a gap at its end', () => {
  const folder = folderWith('one\ntwo\nthree\n')
  expect(gapsOf(filesIn(folder), null, [stdout('one\ntwo')])).toEqual([
    { stream: 'stdout', bytes: 7, line: 4 },
  ])
  expect(gapsOf(filesIn(folder), null, [stdout('one\ntwo\nthree\n')])).toEqual([])
})

test("a build may print the worker's words without a gap", () => {
  const text = 'one\n[slipway: 12 bytes left out here]\n'
  expect(gapsOf(filesIn(folderWith(text)), null, [stdout(text)])).toEqual([])
})

test('what the worker left out is a gap where it says so', () => {
  const text = 'one\n[slipway: 12 bytes left out here]\ntwo\n'
  const { record } = finished({ truncated: ['stdout'] })
  expect(gapsOf(filesIn(folderWith(text)), record, [stdout(text)])).toEqual([
    { stream: 'stdout', bytes: 12, line: 4 },
  ])
})
