import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { dropped, finished, started, testBoard } from '../run/test-run.ts'
import { junitReport } from './junit-report.ts'
import { hostile, sourceOf } from './test-source.ts'

type Element = { name: string; attributes: Record<string, string>; text: string; within: string }

/** Reads XML as strictly as XML 1.0 is; anything ill-formed throws. */
function elementsOf(xml: string): Element[] {
  const elements: Element[] = []
  const open: Element[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '', within: open.at(-1)?.attributes.name ?? '' }
    elements.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    const inner = open.at(-1)
    if (inner) inner.text += text
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  return elements
}

const broke = { outcome: 'failed' as const, errors: 1, firstErrors: ['a.c:5:1: error: no'] }

test('a test case a board and commit; what could not be built is an error', () => {
  const boards = [testBoard('snow'), testBoard('rpi')]
  const xml = junitReport(
    sourceOf(boards, 2, [
      started('snow'),
      finished('snow', { seconds: 1.25 }),
      started('snow', 'moa', 1),
      finished('snow', { upto: 1, ...broke }),
      finished('rpi', { outcome: 'not built', machine: '', reason: 'no toolchain for arm' }),
    ]),
  )
  const elements = elementsOf(xml)
  const [all, ...suites] = elements.filter(({ name }) => name.startsWith('testsuite'))
  expect(all?.attributes).toMatchObject({ tests: '4', failures: '1', errors: '1', skipped: '1' })
  expect(suites.map(({ attributes }) => attributes.tests)).toEqual(['2', '2'])
  const cases = elements.filter(({ name }) => name === 'testcase')
  expect(cases.map(({ attributes }) => [attributes.classname, attributes.name])).toEqual([
    ['aaaaaaaaaaaa.arm', 'snow'],
    ['aaaaaaaaaaaa.arm', 'rpi'],
    ['aaaaaaaaaaaa.arm', 'snow'],
    ['aaaaaaaaaaaa.arm', 'rpi'],
  ])
  expect(cases[0]?.attributes.time).toBe('1.250')
  const ends = elements.filter(({ name }) => ['failure', 'error', 'skipped'].includes(name))
  expect(ends.map(({ name, within, attributes }) => [name, within, attributes.message])).toEqual([
    ['error', 'rpi', 'no toolchain for arm'],
    ['failure', 'snow', 'a.c:5:1: error: no'],
    ['skipped', 'rpi', 'not done yet'],
  ])
})

test('attempts that failed before one that passed are flaky, those before a failure are reruns', () => {
  const suspected = (board: string) => ({
    ...dropped(board, 'moa'),
    ...{ why: 'suspected' as const, reason: 'cc1: out of memory' },
  })
  const elements = elementsOf(
    junitReport(
      sourceOf([testBoard('snow'), testBoard('rpi'), testBoard('beagle')], 1, [
        started('snow'),
        suspected('snow'),
        started('snow', 'ruru'),
        finished('snow', { machine: 'ruru' }),
        started('rpi'),
        dropped('rpi', 'moa', 'lost'),
        started('rpi', 'ruru'),
        finished('rpi', { machine: 'ruru', ...broke }),
        started('beagle'),
        dropped('beagle', 'moa', 'overtaken'),
        finished('beagle', { machine: 'ruru' }),
      ]),
    ),
  )
  const tries = elements.filter(({ name }) => /^(?:flaky|rerun)/.test(name))
  expect(
    tries.map(({ name, within, attributes, text }) => [name, within, attributes.message, text]),
  ).toEqual([
    ['flakyFailure', 'snow', 'failed on moa', 'cc1: out of memory'],
    ['rerunError', 'rpi', 'moa was lost', ''],
  ])
})

test('whatever a board is called or a log holds, it is well-formed XML that says it', () => {
  const events = [started(hostile), finished(hostile, { ...broke, firstErrors: [hostile] })]
  const tails = new Map([[0, `${hostile}\r\nlast\r\n`]])
  const xml = junitReport(sourceOf([testBoard(hostile)], 1, events, { tails }))
  const elements = elementsOf(xml)
  expect(elements.map(({ name }) => name)).toEqual([
    'testsuites',
    'testsuite',
    'testcase',
    'failure',
  ])
  const failure = elements.at(-1)
  expect(failure?.attributes.message).toContain(']]></failure><script>alert(1)</script>"\'&%0A')
  expect(failure?.text).toContain('`*_[a](b)\uFFFD\uFFFDred\uFFFD\nlast')
})
