import { expect, test } from 'vitest'
import { missingPackages, parseDpkgStatus } from './system-packages.mjs'

const status = `dpkg-query: no packages found matching libasound2t64
installed git
installed libasound2
config-files xvfb
not-installed bison
`

test('only what is fully installed counts', () => {
  expect([...parseDpkgStatus(status)]).toEqual(['git', 'libasound2'])
})

test('a package is there under any of its names', () => {
  const wanted = ['git', 'libasound2|libasound2t64', 'xvfb', 'bison']
  expect(missingPackages(wanted, parseDpkgStatus(status))).toEqual(['xvfb', 'bison'])
})
