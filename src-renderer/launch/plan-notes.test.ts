import { expect, test } from 'vitest'
import { groupNotes } from './plan-notes.ts'

test('what is said of several machines is said once', () => {
  const notes = ['h1: old python', 'the disk is slow', 'h2: old python', 'h2: no swig', 'h3: said']
  expect(groupNotes(notes, ['h1', 'h2'])).toEqual([
    { text: 'old python', machines: ['h1', 'h2'] },
    { text: 'the disk is slow', machines: [] },
    { text: 'no swig', machines: ['h2'] },
    { text: 'h3: said', machines: [] },
  ])
})
