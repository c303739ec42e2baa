import { expect, test } from 'vitest'
import { whereText } from './where-text.ts'

const cluster = { name: 'cluster', nodes: 4 }
const lab = { name: 'lab', nodes: 2 }

test.each([
  [0, 0, true, [], 'no machines yet'],
  [3, 3, true, [], 'all 3 machines'],
  [1, 1, true, [], '1 machine'],
  [1, 3, true, [], '1 of 3 machines'],
  [3, 3, true, [cluster], 'all 3 machines, and up to 4 of cluster'],
  [1, 3, true, [cluster, lab], '1 of 3 machines, and up to 4 of cluster and up to 2 of lab'],
  [0, 0, true, [cluster], 'up to 4 of cluster'],
  [3, 3, false, [cluster], 'up to 4 of cluster'],
])('%i of %i machines, distribute %j, wishes %j: "%s"', (used, all, distribute, wishes, text) => {
  expect(whereText(used, all, distribute, wishes)).toBe(text)
})
