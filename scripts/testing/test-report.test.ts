import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countIn, countTests, sum } from './test-report.mjs'

test("vitest's report, with a file that could not be loaded", () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [{}, {}] },
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{}, {}, {}, {}] },
    ],
  }
  expect(countIn(report)).toEqual({ passed: 5, failed: 2 })
})

test("Playwright's report, with an error outside the tests", () => {
  const report = { stats: { expected: 7, skipped: 0, unexpected: 1, flaky: 0 }, errors: [{}] }
  expect(countIn(report)).toEqual({ passed: 7, failed: 2 })
})

test('a run that died without a report is a failure', async () => {
  expect(await countTests('/nothing/here.json', 1)).toEqual({ passed: 0, failed: 1 })
  expect(await countTests('/nothing/here.json', null)).toEqual({ passed: 0, failed: 1 })
})

test('a run that failed in spite of its report is a failure', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'test-report-'))
  const file = join(dir, 'report.json')
  await writeFile(file, JSON.stringify({ numPassedTests: 3, numFailedTests: 0, testResults: [] }))
  expect(await countTests(file, 0)).toEqual({ passed: 3, failed: 0 })
  expect(await countTests(file, 1)).toEqual({ passed: 3, failed: 1 })
  await rm(dir, { recursive: true })
})

test('counts add up', () => {
  expect(
    sum([
      { passed: 1, failed: 0 },
      { passed: 2, failed: 3 },
    ]),
  ).toEqual({ passed: 3, failed: 3 })
})
