import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Output } from './output.ts'
import { createStatusLine } from './status-line.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function terminal(columns: number) {
  let text = ''
  const output: Output = {
    out: () => {},
    err: (more) => {
      text += more
    },
    outPainted: () => {},
    erase: () => {
      text += '<'
    },
    columns: () => columns,
    colour: false,
  }
  return { output, text: () => text }
}

test('on a terminal the last line is written over, lines that stay go above it', () => {
  const { output, text } = terminal(10)
  let content = 'one of many words'
  const line = createStatusLine(output, () => content)
  line.change()
  line.say('stays')
  content = 'two'
  vi.advanceTimersByTime(1000)
  line.end()
  line.change()
  expect(text()).toBe('<one of ma<stays\n<one of ma<two<')
})

test('of changes in quick succession the first and the last are drawn', () => {
  const { output, text } = terminal(80)
  let n = 0
  const line = createStatusLine(output, () => String(n))
  const count = (to: number) => {
    for (; n < to; n++) line.change()
  }
  count(100)
  vi.advanceTimersByTime(150)
  expect(text()).toBe('<0<100')
  count(200)
  line.end()
  expect(text()).toBe('<0<100<200<')
})

test('without a terminal only lines that stay are said', () => {
  const { output, text } = terminal(0)
  const line = createStatusLine(output, () => 'x')
  line.change()
  line.say('stays')
  vi.advanceTimersByTime(5000)
  line.end()
  expect(text()).toBe('stays\n')
})
