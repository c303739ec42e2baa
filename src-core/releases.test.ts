import { expect, test } from 'vitest'
import { isNewer, packageOrigin, parseRelease, releasesAddress } from './releases.ts'

test.each([
  [{}, '', ''],
  [{ homepage: 'https://slipway.example/' }, '', 'https://slipway.example/latest.json'],
  [
    { repository: 'github:yard/slipway', homepage: 'https://slipway.example' },
    '',
    'https://api.github.com/repos/yard/slipway/releases/latest',
  ],
  [
    { repository: { type: 'git', url: 'git+https://github.com/yard/slip.way.git' } },
    '',
    'https://api.github.com/repos/yard/slip.way/releases/latest',
  ],
  [
    { repository: 'git@github.com:yard/slipway.git' },
    'https://mirror.example/newest',
    'https://mirror.example/newest',
  ],
  [{ repository: 'https://code.example/yard/slipway' }, '', ''],
])('%j, set to %j: %s', (origin, setting, address) => {
  expect(releasesAddress(setting, packageOrigin.parse(origin))).toBe(address)
})

test.each([
  [
    { tag_name: 'v1.2.3', html_url: 'https://x.example/r', body: 'long' },
    '1.2.3',
    'https://x.example/r',
  ],
  [{ version: '10.0.0' }, '10.0.0', ''],
  [{ version: '1.0.0', url: 'javascript:alert(1)' }, '1.0.0', ''],
])('%j tells of %s', (answer, version, url) => {
  expect(parseRelease(answer)).toEqual({ version, url })
})

test.each([[null], [[]], [{ tag_name: 'nightly' }], [{ version: '1.2.3-rc1' }], [{ version: 5 }]])(
  '%j tells of no release',
  (answer) => {
    expect(parseRelease(answer)).toBe(null)
  },
)

test.each([
  ['0.2.0', '0.1.9', true],
  ['0.10.0', '0.9.9', true],
  ['1.0.0', '0.99.99', true],
  ['0.1.0', '0.1.0', false],
  ['0.1.0', '0.1.1', false],
  ['0.9.9', '1.0.0', false],
  ['1.0.0', '0.1.0-dev', false],
])('%s after %s: %s', (found, current, newer) => {
  expect(isNewer(found, current)).toBe(newer)
})
