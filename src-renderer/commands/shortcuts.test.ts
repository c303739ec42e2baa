import { expect, test } from 'vitest'
import { logCommand } from '../detail/build-keys.ts'
import { gridCommand } from '../grid/model/grid-keys.ts'
import { timelineCommand } from '../timeline/lanes/timeline-keys.ts'
import { shortcuts } from './shortcuts.ts'

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const single = (title: string) =>
  (shortcuts.find((group) => group.title === title)?.keys ?? []).flatMap(([keys]) =>
    keys.split(/ {2,}/).filter((key) => /^[a-zA-Z0-9]$/.test(key)),
  )

test.each([
  ['In the grid', (key: string) => gridCommand({ ...plain, key })],
  ['In the timeline', (key: string) => timelineCommand({ ...plain, key })],
  ['In a log', (key: string) => logCommand(key)],
])('%s: every letter that is told of does something', (title, command) => {
  const keys = single(title)
  expect(keys.length).toBeGreaterThan(1)
  expect(keys.filter((key) => command(key) === null)).toEqual([])
})
