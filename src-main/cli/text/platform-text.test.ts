import { expect, test } from 'vitest'
import { platformText } from './platform-text.ts'

test('where all works nothing is said', () => {
  expect(platformText('linux')).toBe('')
})

test.each([
  ['darwin', /^on macOS only machines reached by SSH are meant to build/],
  ['win32', /^on Windows this computer can build nothing/],
  ['freebsd', /^on freebsd nothing is tested/],
] as const)('elsewhere one line says what does not: %s', (platform, words) => {
  expect(platformText(platform)).toMatch(words)
  expect(platformText(platform)).not.toContain('\n')
})
