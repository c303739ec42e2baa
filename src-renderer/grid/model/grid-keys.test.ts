import { expect, test } from 'vitest'
import { gridCommand } from './grid-keys.ts'

const plain = { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

test.each([
  [{ key: 'ArrowDown' }, { kind: 'step', step: 'down', extend: false }],
  [
    { key: 'End', shiftKey: true },
    { kind: 'step', step: 'end', extend: true },
  ],
  [{ key: 'n' }, { kind: 'failure', by: 1 }],
  [
    { key: 'N', shiftKey: true },
    { kind: 'failure', by: -1 },
  ],
  [{ key: '3' }, { kind: 'solo', machine: 3 }],
  [{ key: ' ' }, { kind: 'select' }],
  [{ key: '/' }, { kind: 'filter' }],
  [{ key: 'x' }, null],
  [{ key: 'r', ctrlKey: true }, null],
  [{ key: 'ArrowLeft', altKey: true }, null],
])('%j does %j', (key, command) => {
  expect(gridCommand({ ...plain, ...key })).toEqual(command)
})
