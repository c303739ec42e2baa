import { expect, test } from 'vitest'
import { targetProblem } from './target-check.ts'

test('a board sets one TARGET_ option; none and several are told of', () => {
  expect(targetProblem('snow', ['TARGET_SNOW'])).toBeNull()
  expect(targetProblem('snow', [])).toBe('snow_defconfig: no TARGET_... option is set')
  expect(targetProblem('snow', ['TARGET_SNOW', 'TARGET_SPRING'])).toBe(
    'snow_defconfig: 2 TARGET_... options are set: TARGET_SNOW, TARGET_SPRING',
  )
})
