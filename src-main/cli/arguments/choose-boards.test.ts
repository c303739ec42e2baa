import { expect, test } from 'vitest'
import { chooseBoards } from './choose-boards.ts'
import { readFlags } from './flags.ts'

function problemOf(...words: string[]): string {
  const flags = readFlags(words)
  if (!flags.ok) throw new Error(flags.problem.what)
  const chosen = chooseBoards([], flags.value)
  return chosen.ok ? '' : chosen.problem.what
}

test('what is wrong is pointed at, wherever it stands', () => {
  expect(problemOf('arm', 'a(b')).toBe('the terms: this ( is never closed\n  arm a(b\n       ^')
  expect(problemOf('-x', 'sandbox', '-x', 'q(')).toBe(
    '-x: this ( is never closed\n  sandbox,q(\n           ^',
  )
  expect(problemOf('a(', '-x', 'b(').split('\n')).toHaveLength(6)
})
