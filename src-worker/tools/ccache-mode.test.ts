import { expect, test } from 'vitest'
import { modeFor } from './ccache-mode.ts'

const alone = { group: 'arm/sunxi', siblings: false, groupIsCached: false, isHosts: false }

test.each([
  ['a board that nothing is in common with', {}, 'depend'],
  ['others of its group are built', { siblings: true }, 'preprocessor'],
  ['one of its group was built before', { groupIsCached: true }, 'preprocessor'],
  ['the sandbox', { isHosts: true }, 'preprocessor'],
  ['a boss that tells no group', { group: '' }, 'preprocessor'],
])('%s', (_name, signs, mode) => {
  expect(modeFor({ ...alone, ...signs })).toBe(mode)
})
