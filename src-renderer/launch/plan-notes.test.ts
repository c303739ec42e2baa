import { expect, test } from 'vitest'
import { groupNotes, groupReasons } from './plan-notes.ts'

test('what is said of several machines is said once', () => {
  const notes = ['h1: old python', 'the disk is slow', 'h2: old python', 'h2: no swig', 'h3: said']
  expect(groupNotes(notes, ['h1', 'h2'])).toEqual([
    { text: 'old python', machines: ['h1', 'h2'] },
    { text: 'the disk is slow', machines: [] },
    { text: 'no swig', machines: ['h2'] },
    { text: 'h3: said', machines: [] },
  ])
})

test('machines that are silent for the same reason are named together, each name once', () =>
  expect(
    groupReasons([
      { name: 'h1', reason: 'ssh: connect to host h1 port 22: Connection refused' },
      { name: 'kea', reason: 'busy' },
      { name: 'h2.lab', reason: 'ssh: connect to host h2.lab port 22: Connection refused' },
      { name: 'h3', reason: 'ssh: connect to host 10.0.0.3 port 22: Connection refused' },
      { name: 'h10', reason: 'ssh: h1 is not h10' },
    ]),
  ).toEqual([
    {
      text: 'ssh: connect to host … port 22: Connection refused',
      machines: ['h1', 'h2.lab', 'h3'],
    },
    { text: 'busy', machines: ['kea'] },
    { text: 'ssh: h1 is not h10', machines: ['h10'] },
  ]))
