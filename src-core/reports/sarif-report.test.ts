import { expect, test } from 'vitest'
import { finished, started, testBoard } from '../run/test-run.ts'
import { sarifReport } from './sarif-report.ts'
import { hostile, sourceOf } from './test-source.ts'

const broke = (...firstErrors: string[]) => ({ outcome: 'failed' as const, firstErrors })
const failing = (board: string, ...errors: string[]) => [
  started(board),
  finished(board, broke(...errors)),
]

type Json = { readonly [name: string]: unknown }

/** The run of a report, once what SARIF 2.1.0's schema demands of the parts that we write is seen to hold. */
function readSarif(text: string): { results: Json[]; invocations: Json[] } {
  const sarif = JSON.parse(text)
  expect(sarif).toMatchObject({ version: '2.1.0', $schema: expect.stringMatching(/^https:/) })
  expect(sarif.runs).toHaveLength(1)
  const [run] = sarif.runs
  const { driver } = run.tool
  expect(driver.name).toMatch(/./)
  const ids = driver.rules.map(({ id }: { id: unknown }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const {
    startTimeUtc,
    endTimeUtc,
    executionSuccessful,
    toolExecutionNotifications,
  } of run.invocations) {
    expect(typeof executionSuccessful).toBe('boolean')
    for (const at of [startTimeUtc, endTimeUtc]) expect(at).toMatch(/^\d{4}-.*Z$/)
    for (const note of toolExecutionNotifications) checkMessage(note)
  }
  for (const result of run.results) {
    checkMessage(result)
    expect(ids[result.ruleIndex]).toBe(result.ruleId)
    for (const value of Object.values(result.partialFingerprints)) expect(value).toMatch(/^\w/)
    for (const { physicalLocation } of result.locations) {
      const { uri } = physicalLocation.artifactLocation
      // What RFC 3986 has in a path.
      expect(uri).toMatch(/^[\w./~%!*'():-]+$/)
      const { startLine = 1, startColumn = 1 } = physicalLocation.region ?? {}
      expect([startLine >= 1, startColumn >= 1]).toEqual([true, true])
    }
  }
  return run
}

function checkMessage({ level, message }: { level?: unknown; message?: { text?: unknown } }) {
  expect(['none', 'note', 'warning', 'error']).toContain(level)
  expect(typeof message?.text).toBe('string')
}

test('a result a problem, its boards in its properties; what was not built is told apart', () => {
  const { results, invocations } = readSarif(
    sarifReport(
      sourceOf([testBoard('snow'), testBoard('rpi'), testBoard('m68k'), testBoard('ok')], 1, [
        ...failing('snow', '../lib/a.c:5:1: error: no such thing', 'ld: cannot find -lfoo'),
        ...failing('rpi', 'lib/a.c:9:2: error: no such thing'),
        finished('m68k', { outcome: 'not built', machine: '', reason: 'no toolchain' }),
        finished('ok'),
      ]),
    ),
  )
  expect(results.map(({ message }) => message)).toEqual([
    { text: 'no such thing (2 boards)' },
    { text: 'cannot find -lfoo (1 board)' },
  ])
  expect(results[0]).toMatchObject({
    ruleId: 'build-error',
    level: 'error',
    properties: { boardCount: 2, boards: ['snow', 'rpi'] },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'lib/a.c', uriBaseId: 'SRCROOT' },
          region: { startLine: 5, startColumn: 1 },
        },
      },
      { physicalLocation: { region: { startLine: 9, startColumn: 2 } } },
    ],
  })
  expect(invocations[0]).toMatchObject({
    executionSuccessful: true,
    toolExecutionNotifications: [
      { message: { text: '1 board not built: no toolchain' }, properties: { boards: ['m68k'] } },
    ],
  })
})

test('a fingerprint is of the problem, wherever it stands, however much it is, and on whatever boards', () => {
  const of = (board: string, error: string) => {
    const { results } = readSarif(
      sarifReport(sourceOf([testBoard(board)], 1, failing(board, error))),
    )
    return results.map(({ partialFingerprints }) => partialFingerprints)
  }
  const first = of('snow', "ld: region `ram' overflowed by 12 bytes")
  expect(of('rpi', "ld: region `ram' overflowed by 3456 bytes")).toEqual(first)
  expect(of('rpi', "ld: region `rom' overflowed by 12 bytes")).not.toEqual(first)
  const placed = of('snow', '../a/a.c:3:5: error: x')
  expect(of('snow', 'a/a.c:30:1: error: x')).toEqual(placed)
  expect(of('snow', 'a/b.c:3:5: error: x')).not.toEqual(placed)
  expect(of('snow', 'a.c:1: error: y at 0xdeadbeef')).toEqual(of('x', 'a.c:1: error: y at 0x12'))
})

test('a commit that brought a problem is named, and one that mended it leaves none', () => {
  const upTo = (commits: number) =>
    readSarif(
      sarifReport(
        sourceOf([testBoard('snow')], commits, [
          finished('snow'),
          finished('snow', { upto: 1, ...broke('a.c:1: error: x') }),
          finished('snow', { upto: 2 }),
        ]),
      ),
    ).results
  expect(upTo(2)).toMatchObject([{ properties: { since: { commit: `1`.padStart(40, 'a') } } }])
  expect(upTo(3)).toEqual([])
})

test('hostile names and words stay text', () => {
  const evil = 'dir \ud800%0A<"#?>/x y.c'
  const { results } = readSarif(
    sarifReport(
      sourceOf([testBoard(hostile)], 1, failing(hostile, `${evil}:1: error: ${hostile}`)),
    ),
  )
  expect(JSON.stringify(results)).toContain('::error::x')
  expect(JSON.stringify(results[0]?.message)).not.toContain('\\u001b')
})
