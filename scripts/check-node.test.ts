import { expect, test } from 'vitest'
import { fits } from './check-node.cjs'

test('the Nodes that package.json asks for are told from older ones and from gaps between them', () => {
  const range = '^20.19.0 || >=22.13.0'
  const versions = ['9.11.2', '18.20.8', '20.9.0', '20.19.0', '20.20.2', '21.7.3', '22.5.0']
  const later = ['22.13.0', '22.20.0', '24.0.0', '100.0.0']
  const fitting = [...versions, ...later].filter((version) => fits(version, range))
  expect(fitting).toEqual(['20.19.0', '20.20.2', ...later])
})
