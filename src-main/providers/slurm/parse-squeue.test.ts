import { expect, test } from 'vitest'
import { describeNodes, parseJob, standOf } from './parse-squeue.ts'

test('a job that waits says why, its place and when it may begin', () => {
  expect(parseJob('job|7|PENDING|Resources|1764528000|N/A|3\n')).toEqual({
    ...{ id: '7', state: 'PENDING', reason: 'Resources', startsAt: 1764528000_000 },
    ...{ endsAt: 0, place: 3, nodes: [] },
  })
})

test('a job that runs has its nodes; the newest job counts', () => {
  const answer = [
    'job|7|CANCELLED|None|N/A|N/A|',
    'node|n9',
    'job|8|RUNNING|None|1764528000|1764528600|',
    'node|n1',
    'node|n2.lab-b',
  ].join('\n')
  expect(parseJob(answer)).toMatchObject({
    ...{ id: '8', reason: '', endsAt: 1764528600_000, nodes: ['n1', 'n2.lab-b'] },
  })
})

test.each([
  'none',
  '',
  'job|7;reboot|RUNNING|||',
  'job|x|RUNNING||||',
  'job|7|run ning||||',
  'squeue: error: nothing here',
])('%j is no job', (answer) => {
  expect(parseJob(answer)).toBeNull()
})

test.each(['-w', '$(id)', 'a b', '', 'a'.repeat(254), '../x'])(
  '%j is no node, since it becomes a word of a command',
  (node) => {
    expect(parseJob(`job|7|RUNNING||||\nnode|${node}`)?.nodes).toEqual([])
  },
)

test.each([
  ['PENDING', 'waits'],
  ['CONFIGURING', 'waits'],
  ['REQUEUED', 'waits'],
  ['RUNNING', 'runs'],
  ['COMPLETING', 'over'],
  ['PREEMPTED', 'over'],
  ['NODE_FAIL', 'over'],
  ['SOMETHING_NEW', 'over'],
] as const)('a job that is %s %s', (state, stand) => {
  expect(standOf(state)).toBe(stand)
})

test('what the nodes are at, by partition', () => {
  const answer = 'debug*|1:00:00|2|idle\ndebug*|1:00:00|1|down*\nlong|infinite|4|mixed\nnonsense\n'
  expect(describeNodes(answer)).toBe(
    '2 idle, 1 down* (debug, at most 1:00:00 each); 4 mixed (long, at most infinite each)',
  )
  expect(describeNodes('')).toBe('')
})
