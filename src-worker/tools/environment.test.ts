import { expect, test } from 'vitest'
import { describeEnvironment, inheritedEnvironment, makeEnvironment } from './environment.ts'
import { toolchainFromPath } from './toolchain.ts'

const arm = toolchainFromPath('arm', '/opt/arm/bin/arm-linux-gnueabi-gcc')
const native = toolchainFromPath('sandbox', '/usr/bin/gcc')
const inherited = { PATH: '/usr/bin:/bin', HOME: '/home/me', CROSS_COMPILE: 'left-over-' }

test("the reference's environment: prefix, PATH, locale", () => {
  expect(makeEnvironment({ inherited, toolchain: arm, wrapper: '' })).toEqual({
    HOME: '/home/me',
    LC_ALL: 'C',
    PATH: '/opt/arm/bin:/usr/bin:/bin',
    CROSS_COMPILE: 'arm-linux-gnueabi-',
  })
})

test('a wrapper goes before the prefix; sandbox has neither', () => {
  const wrapped = makeEnvironment({ inherited, toolchain: arm, wrapper: 'distcc' })
  expect(wrapped.CROSS_COMPILE).toBe('distcc arm-linux-gnueabi-')
  const sandbox = makeEnvironment({ inherited, toolchain: native, wrapper: 'distcc' })
  expect(sandbox).not.toHaveProperty('CROSS_COMPILE')
})

test('with its full path the compiler is in the prefix, and PATH is left alone', () => {
  expect(makeEnvironment({ inherited, toolchain: arm, wrapper: '', fullPath: true })).toMatchObject(
    {
      PATH: '/usr/bin:/bin',
      CROSS_COMPILE: '/opt/arm/bin/arm-linux-gnueabi-',
    },
  )
})

test('another compiler has no prefix', () => {
  const env = makeEnvironment({ inherited, toolchain: arm, wrapper: '', overridden: true })
  expect(env).not.toHaveProperty('CROSS_COMPILE')
})

test('ccache comes first in PATH; the own dtc is named', () => {
  const ccache = { bin: '/work/ccache-bin/arm', env: { CCACHE_NOHASHDIR: '1' } }
  const env = makeEnvironment({
    inherited,
    toolchain: arm,
    wrapper: '',
    ccache,
    dtc: '/usr/bin/dtc',
  })
  expect(env.PATH).toBe('/work/ccache-bin/arm:/opt/arm/bin:/usr/bin:/bin')
  expect(env).toMatchObject({ CCACHE_NOHASHDIR: '1', DTC: '/usr/bin/dtc' })
})

test('a make above us, or Electron, leaves nothing to our makes', () => {
  const env = {
    MAKEFLAGS: ' -j4 --jobserver-auth=3,4',
    MAKELEVEL: '1',
    GIT_DIR: '/x',
    ELECTRON_RUN_AS_NODE: '1',
  }
  expect(inheritedEnvironment({ ...env, HOME: '/h', GONE: undefined })).toEqual({ HOME: '/h' })
})

test('out-env is sorted and holds no secret', () => {
  const env = {
    ZED: 'last',
    GITHUB_TOKEN: 'ghp_x',
    AWS_SECRET_ACCESS_KEY: 'x',
    DB_PASSWORD: 'x',
    HTTPS_PROXY: 'http://me:secret@proxy:3128',
    NOTE: 'ghp_abcdefghijklmnopqrstuvwxyz',
    SLIPWAY_WORKER: 'uuid',
    CROSS_COMPILE: 'arm-',
  }
  expect(describeEnvironment(env)).toBe('CROSS_COMPILE="arm-"\nZED="last"\n')
})
