import { homedir, userInfo } from 'node:os'
import { afterEach, expect, test, vi } from 'vitest'
import { mendHome } from './home-folder.ts'
import { userPlaces } from './user-places.ts'

afterEach(() => vi.unstubAllEnvs())

test.each([
  [undefined, ''],
  ['', ''],
  ['my/home', `HOME=my/home is no absolute path: ${userInfo().homedir} is used`],
])('HOME=%s is replaced by the home of the account, for us and our children', (home, said) => {
  vi.stubEnv('HOME', home)
  expect(mendHome()).toBe(said)
  expect(process.env.HOME).toBe(userInfo().homedir)
  expect(homedir()).toBe(userInfo().homedir)
  expect(mendHome()).toBe('')
})

test('a HOME that is absolute is left alone', () => {
  vi.stubEnv('HOME', '/nowhere')
  expect(mendHome()).toBe('')
  expect(process.env.HOME).toBe('/nowhere')
})

test('XDG folders that are not absolute count for nothing', () => {
  vi.stubEnv('HOME', '/home/anna')
  const given = (cache: string) => userPlaces({ XDG_CACHE_HOME: cache, XDG_STATE_HOME: 'state' })
  expect(given('/c').cacheDir).toBe('/c/slipway')
  expect(given('rel/cache')).toEqual({
    cacheDir: '/home/anna/.cache/slipway',
    stateDir: '/home/anna/.local/state/slipway',
  })
})
