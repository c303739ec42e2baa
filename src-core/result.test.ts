import { expect, test } from 'vitest'
import { problemText } from './result.ts'

test('what failed and what to do are two sentences, whether or not the first one ends itself', () => {
  expect(problemText({ what: 'No answer', hint: 'Try again.' })).toBe('No answer. Try again.')
  expect(problemText({ what: 'There is no tree.', hint: 'Open one.' })).toBe(
    'There is no tree. Open one.',
  )
  expect(problemText({ what: 'No answer', hint: '' })).toBe('No answer')
})
