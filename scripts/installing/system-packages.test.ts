import { expect, test } from 'vitest'
import { aptErrors, aptLock, missingPackages, parseDpkgStatus } from './system-packages.mjs'

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

const locked = `Reading package lists...
E: Could not get lock /var/lib/apt/lists/lock. It is held by process 32589 (python3)
E: Unable to lock directory /var/lib/apt/lists/
`

test('a lock that another program holds is told from other failures of apt-get', () => {
  expect(aptLock(locked)).toContain('held by process 32589 (python3)')
  expect(aptLock('E: Unable to locate package bison\n')).toBe('')
})

test('of a failed apt-get all errors are shown, or else its last words', () => {
  expect(aptErrors(locked).split('\n')).toHaveLength(2)
  expect(aptErrors('Reading package lists...\nKilled\n')).toBe('Killed')
})
