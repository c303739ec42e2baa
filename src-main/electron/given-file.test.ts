import { expect, test } from 'vitest'
import { fileOfStart, givenFile } from './given-file.ts'

test.each([
  [['/opt/slipway', 'a.slipway'], '/home/ann/a.slipway'],
  [['electron', '.', '--no-sandbox', '/tmp/b.slipway', '--flag=c.slipway'], '/tmp/b.slipway'],
  [['/opt/my.slipway'], ''],
  [['/opt/slipway', 'board', '--x.slipway'], ''],
])('%s', (argv, file) => {
  expect(givenFile(argv, '/home/ann')).toBe(file)
})

test.each([[null], ['a.slipway'], [{ file: 1 }], [{ file: 'x'.repeat(5000) }]])(
  'a second start that says something else names no file: %j',
  (data) => {
    expect(fileOfStart(data)).toBe('')
  },
)
