import { expect, test } from 'vitest'
import { settingsSchema, type WorkerSettingsInput } from '../protocol/worker-settings.ts'
import { build, configure, type MakeRequest, mrproper, saveDefconfig } from './make-plan.ts'

function request(settings: WorkerSettingsInput, more: Partial<MakeRequest> = {}): MakeRequest {
  return {
    make: 'make',
    outDir: 'build',
    threads: 8,
    settings: settingsSchema.parse(settings),
    makeFlags: [],
    defconfig: 'integratorcp_cm926ejs_defconfig',
    fragments: [],
    ...more,
  }
}

test('the plain words are those of the reference', () => {
  const plain = request({})
  expect(configure(plain).shown).toBe(
    'make O=build -s -j 8 NPROC=8 integratorcp_cm926ejs_defconfig',
  )
  expect(build(plain, false).shown).toBe('make O=build -s -j 8 NPROC=8')
  expect(mrproper(plain).shown).toBe('make mrproper O=build -s -j 8 NPROC=8')
  expect(saveDefconfig(plain).shown).toBe('make O=build -s -j 8 NPROC=8 savedefconfig')
})

test('every flag has its word, in the order of the reference', () => {
  const all = request(
    {
      verbose_build: true,
      allow_missing: true,
      no_lto: true,
      reproducible_builds: true,
      warnings_as_errors: true,
      jobs: 2,
    },
    { makeFlags: ['FOO=a b', 'W=1'] },
  )
  expect(build(all, false).argv).toEqual([
    'make',
    'O=build',
    'V=1',
    '-j',
    '2',
    'NPROC=2',
    'KCFLAGS=-Werror',
    'HOSTCFLAGS=-Werror',
    'BINMAN_ALLOW_MISSING=1',
    'NO_LTO=1',
    'SOURCE_DATE_EPOCH=0',
    'FOO=a b',
    'W=1',
  ])
})

test('with the shared job server, -j is shown but not given, for it would leave the server', () => {
  const shared = build(request({}), false)
  expect(shared.argv).toEqual(['make', 'O=build', '-s', 'NPROC=8'])
  const own = build(request({ jobs: 3 }), false)
  expect(own.argv).toEqual(['make', 'O=build', '-s', '-j', '3', 'NPROC=3'])
  expect(own.shown).toBe('make O=build -s -j 3 NPROC=3')
})

test("targets: fragments of the board, then of all boards; cfg; a target of one's own", () => {
  const extended = request(
    { fragments: ['all.config'] },
    { defconfig: 'qemu_arm64_defconfig', fragments: ['acpi.config'] },
  )
  expect(configure(extended).argv.slice(-3)).toEqual([
    'qemu_arm64_defconfig',
    'acpi.config',
    'all.config',
  ])
  expect(build(request({ config_only: true }), true).argv.at(-1)).toBe('cfg')
  expect(build(request({ make_target: 'dtbs' }), false).argv.at(-1)).toBe('dtbs')
  expect(build(request({ make_target: 'dtbs' }), true).argv.at(-1)).toBe('cfg')
})
