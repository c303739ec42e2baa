import { realpathSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeEnvironment, inheritedEnvironment, makeEnvironment } from './environment.ts'
import { findProgram, toolchainFromPath } from './toolchain.ts'

const workDir = '/nowhere'
const arm = toolchainFromPath('/opt/arm/bin/arm-linux-gnueabi-gcc')
const native = toolchainFromPath('/usr/bin/gcc')
const inherited = { PATH: '/usr/bin:/bin', HOME: '/home/me', CROSS_COMPILE: 'left-over-' }

test("the reference's environment: prefix, PATH, locale", () => {
  expect(makeEnvironment({ inherited, toolchain: arm, wrapper: '', workDir })).toEqual({
    HOME: '/home/me',
    LC_ALL: 'C',
    PATH: '/opt/arm/bin:/usr/bin:/bin',
    CROSS_COMPILE: 'arm-linux-gnueabi-',
  })
})

test('a wrapper goes before the prefix; sandbox has neither', () => {
  const wrapped = makeEnvironment({ inherited, toolchain: arm, wrapper: 'distcc', workDir })
  expect(wrapped.CROSS_COMPILE).toBe('distcc arm-linux-gnueabi-')
  const sandbox = makeEnvironment({ inherited, toolchain: native, wrapper: 'distcc', workDir })
  expect(sandbox).not.toHaveProperty('CROSS_COMPILE')
})

test('with its full path the compiler is in the prefix, and PATH is left alone', () => {
  expect(
    makeEnvironment({ inherited, toolchain: arm, wrapper: '', workDir, fullPath: true }),
  ).toMatchObject({
    PATH: '/usr/bin:/bin',
    CROSS_COMPILE: '/opt/arm/bin/arm-linux-gnueabi-',
  })
})

test('another compiler has no prefix', () => {
  const env = makeEnvironment({ inherited, toolchain: arm, wrapper: '', workDir, overridden: true })
  expect(env).not.toHaveProperty('CROSS_COMPILE')
})

test('a folder that PATH leads to anyway does not go before a virtual environment', () => {
  const venv = { ...inherited, PATH: '/home/me/venv/bin:/usr/bin:/bin' }
  const sandbox = makeEnvironment({ inherited: venv, toolchain: native, wrapper: '', workDir })
  expect(sandbox.PATH).toBe(venv.PATH)
  const other = makeEnvironment({ inherited: venv, toolchain: arm, wrapper: '', workDir })
  expect(other.PATH).toBe(`/opt/arm/bin:${venv.PATH}`)
})

test('one that is in PATH behind another compiler of the name brings that alone', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-environment-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const program = async (path: string) => {
    await mkdir(join(dir, dirname(path)), { recursive: true })
    await writeFile(join(dir, path), '#!/bin/sh\n', { mode: 0o755 })
  }
  const compiler = ['arm-none-gcc', 'arm-none-ld']
  const others = ['gcc', 'make', 'python3']
  for (const name of [...compiler, ...others]) await program(`usr/bin/${name}`)
  for (const path of ['venv/bin/python3', 'ccache/arm-none-gcc', 'ccache/gcc']) await program(path)
  const PATH = ['venv/bin', 'ccache', 'usr/bin'].map((name) => join(dir, name)).join(':')
  const found = (gcc: string) => {
    const toolchain = toolchainFromPath(`${dir}/usr/bin/${gcc}`)
    const env = makeEnvironment({ inherited: { PATH }, toolchain, wrapper: '', workDir: dir })
    const names = [...compiler, ...others]
    return names.map((name) => realpathSync(findProgram(name, env.PATH ?? '') ?? ''))
  }
  const by = (...paths: string[]) => paths.map((path) => join(dir, path))
  const rest = ['usr/bin/make', 'venv/bin/python3']
  expect(found('arm-none-gcc')).toEqual(
    by('usr/bin/arm-none-gcc', 'usr/bin/arm-none-ld', 'ccache/gcc', ...rest),
  )
  expect(found('gcc')).toEqual(
    by('ccache/arm-none-gcc', 'usr/bin/arm-none-ld', 'usr/bin/gcc', ...rest),
  )
})

test('nor does it under another name, as /bin is of /usr/bin', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-environment-'))
  await mkdir(join(dir, 'usr'))
  await writeFile(join(dir, 'usr', 'gcc'), '#!/bin/sh\n', { mode: 0o755 })
  await symlink('usr', join(dir, 'bin'))
  const path = `/home/me/venv/bin:${dir}/usr:${dir}/bin`
  const toolchain = { ...native, gcc: `${dir}/bin/gcc`, path: `${dir}/bin` }
  const env = makeEnvironment({ inherited: { PATH: path }, toolchain, wrapper: '', workDir })
  expect(env.PATH).toBe(path)
  await rm(dir, { recursive: true })
})

test('ccache comes first in PATH; the own dtc is named', () => {
  const ccache = { bin: '/work/ccache-bin/arm', env: { CCACHE_NOHASHDIR: '1' } }
  const env = makeEnvironment({
    inherited,
    toolchain: arm,
    wrapper: '',
    workDir,
    ccache,
    dtc: '/usr/bin/dtc',
  })
  expect(env.PATH).toBe('/work/ccache-bin/arm:/opt/arm/bin:/usr/bin:/bin')
  expect(env).toMatchObject({ CCACHE_NOHASHDIR: '1', DTC: '/usr/bin/dtc' })
})

test('a make above us, or Electron, leaves nothing to our makes; no file is shared by all', () => {
  const env = {
    MAKEFLAGS: ' -j4 --jobserver-auth=3,4',
    MAKELEVEL: '1',
    GNUMAKEFLAGS: '-n',
    sub_make_done: '1',
    KBUILD_SRC: '/linux',
    KCONFIG_CONFIG: '/tmp/one-config',
    KCONFIG_AUTOHEADER: '/tmp/one.h',
    GIT_DIR: '/x',
    ELECTRON_RUN_AS_NODE: '1',
  }
  expect(inheritedEnvironment({ ...env, HOME: '/h', GONE: undefined })).toEqual({ HOME: '/h' })
})

test('out-env holds what a build can depend on, sorted, and nothing else', () => {
  const kept = {
    ARCH: 'arm',
    BL31: '/fw/bl31.bin',
    CCACHE_DIR: '/c',
    CFLAGS: '-O2',
    CROSS_COMPILE: 'arm-',
    HOSTCC: 'gcc',
    KBUILD_BUILD_USER: 'me',
    KCFLAGS: '-g',
    LC_ALL: 'C',
    LOCALVERSION: '-x',
    PATH: '/usr//bin://opt',
    PWD: '/home/me',
    PYTHONPATH: '/p',
    SOURCE_DATE_EPOCH: '1',
    TZ: 'UTC',
  }
  const left = {
    GITHUB_TOKEN: 'ghp_x',
    AWS_SECRET_ACCESS_KEY: 'x',
    DB_PASSWORD: 'x',
    DOCKER_PASS: 'x',
    PGPASS: 'x',
    SENTRY_DSN: 'https://key@sentry.example/1',
    NETRC: '/home/me/.netrc',
    SLACK_WEBHOOK_URL: 'https://hooks.example/T0/B0/x',
    HTTPS_PROXY: 'http://me:secret@proxy:3128',
    NOTE: 'anything',
    KBUILD_SIGN_PASSPHRASE: 'x',
    CCACHE_REMOTE_STORAGE: 'http://me:secret@cache/',
    KBUILD_SIGN_PIN: '1234',
    KBUILD_USER_PWD: 'x',
    UBOOT_FTP_PW: 'x',
    UBOOT_WEBHOOK: 'https://hooks.example/x',
    U_BOOT_PIN: '1234',
    MAKE_NOTIFY_URL: 'https://hooks.example/x',
    PYTHON_PIP_EXTRA_INDEX_URL: 'https://tok@index.example/',
    CCACHE_PREFIX: 'wrap --from https://cache.example|bearer-token=x',
    CCACHE_REMOTE_ONLY: 'x',
    HOSTCFLAGS: '-DWHERE="https://tok@fetch.example/"',
    BINMAN_SIGN_PIN: '1',
    SLIPWAY_WORKER: 'uuid',
    MAKEFLAGS: '--jobserver-auth=3,4',
    CCACHE_STATSLOG: '/work/03/ccache.log',
  }
  const lines = Object.entries(kept).map(([name, value]) => `${name}="${value}"\n`)
  expect(describeEnvironment({ ...left, ...kept }, '/work')).toBe(lines.join(''))
  const PATH = '/work/ccache-bin/arm-:/workshop/bin:/bin'
  expect(describeEnvironment({ PATH }, '/work')).toBe('PATH="/workshop/bin:/bin"\n')
})
