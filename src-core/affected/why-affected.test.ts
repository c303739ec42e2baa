import { expect, test } from 'vitest'
import { inputsOf, inputsText, parseInputs } from './build-inputs.ts'
import { namesToLookFor, parseRawDiff, type SourceChange, sourceChangeOf } from './source-change.ts'
import { whyAffected } from './why-affected.ts'

const inputs = inputsOf([
  'common/main.c',
  'include/common.h',
  'include/configs/snow.h',
  'arch/arm/dts/snow.dts',
  'configs/snow_defconfig',
])
const M = ['100644', '100644'] as const
const A = ['000000', '100644'] as const
const D = ['100644', '000000'] as const

function why(
  path: string,
  [from, to]: readonly [string, string],
  more: { readonly named?: readonly string[]; readonly askers?: readonly string[] } = {},
): string | null {
  const { named = [], askers = [] } = more
  const said = { named: new Set(named), askForHeaders: new Set(askers) }
  return whyAffected(inputs, sourceChangeOf([{ path, from, to }], said))
}

test.each([
  ['a source that it compiles', 'common/main.c', M],
  ['a header that it includes', 'include/common.h', M],
  ['its device tree', 'arch/arm/dts/snow.dts', M],
  ['its defconfig', 'configs/snow_defconfig', M],
  ['a Makefile, wherever it is', 'drivers/net/Makefile', M],
  ['Kconfig', 'drivers/net/Kconfig', M],
  ['a linker script', 'arch/x86/cpu/u-boot.lds', M],
  ['a tool in Python', 'tools/binman/entry.py', M],
  ['C that Python reads', 'scripts/dtc/libfdt/fdt_sw.c', M],
  ['a fragment of a configuration', 'configs/debug.config', M],
  ['a file of no known kind', 'lib/table.inc', M],
  ['a new source, which a wildcard may find', 'common/new.c', A],
  ['a source that is gone', 'drivers/net/old.c', D],
  ['a header that may be found before its own', 'arch/arm/include/common.h', A],
  ['a header whose namesake may be found now', 'arch/arm/include/common.h', D],
  ['a header that makes a folder', 'arch/arm/mach-new/include/mach/gpio.h', A],
  ['a device tree that is added for its name', 'arch/arm/dts/snow-u-boot.dtsi', A],
  ['a link', 'include/asm/other.h', ['120000', '120000']],
  ['what became a link', 'drivers/net/other.c', ['100644', '120000']],
  ['a submodule', 'lib/vendor', ['160000', '160000']],
  ['what may be run now', 'drivers/net/other.c', ['100644', '100755']],
] as const)('%s is a reason to build', (_, path, modes) => {
  expect(why(path, modes)).toBe(path)
})

test.each([
  ['a source of others', 'drivers/net/other.c', M],
  ['a header of others', 'include/other.h', M],
  ['a device tree of others', 'arch/arm/dts/peach.dts', M],
  ['a new header of another name', 'include/other.h', A],
  ['one that is gone', 'include/other.h', D],
  ['another defconfig', 'configs/peach_defconfig', M],
  ['a new one', 'configs/peach_defconfig', A],
  ['documentation', 'doc/board/snow.rst', A],
  ['who looks after it', 'board/snow/MAINTAINERS', M],
  ['tests of the firmware', 'test/py/conftest.py', M],
] as const)('%s is none', (_, path, modes) => {
  expect(why(path, modes)).toBe(null)
})

test('a file that make is told of by its name is a reason, whatever it is', () => {
  const named = { named: ['other.c', 'notes.rst'] }
  expect(why('drivers/net/other.c', M, named)).toContain('drivers/net/other.c')
  expect(why('doc/notes.rst', M, named)).toContain('doc/notes.rst')
})

test('a source that asks whether a header is there is a reason once any came', () => {
  expect(why('include/other.h', A, { askers: ['common/main.c'] })).toBe('common/main.c')
  expect(why('include/other.h', A, { askers: ['drivers/net/other.c'] })).toBe(null)
  expect(why('include/other.h', M, { askers: ['common/main.c'] })).toBe(null)
})

test('of more files than anybody looks at, every board is affected', () => {
  const many = Array.from({ length: 6000 }, (_, at) => ({
    path: `doc/${at}.rst`,
    from: '100644',
    to: '100644',
  }))
  const none = { named: new Set<string>(), askForHeaders: new Set<string>() }
  const change: SourceChange = sourceChangeOf(many, none)
  expect(whyAffected(inputs, change)).toBe('6000 files changed')
})

test('what git prints of two commits is read with its modes', () => {
  const zero = '0'.repeat(40)
  const diff = `:100644 100755 ${zero} ${zero} M\0scripts/a b\0:000000 100644 ${zero} ${zero} A\0x.h\0`
  expect(parseRawDiff(diff)).toEqual([
    { path: 'scripts/a b', from: '100644', to: '100755' },
    { path: 'x.h', from: '000000', to: '100644' },
  ])
  expect(() => parseRawDiff('commit 1234\0x\0')).toThrow('no raw diff')
})

test('a name is looked for as make would have it, even if a document has it, too', () => {
  const changes = ['doc/fit.h', 'include/fit.h'].map((path) => ({ path, from: M[0], to: M[1] }))
  expect([...namesToLookFor(changes)]).toEqual([['fit.h', 'read by make']])
})

test('inputs are the same after they were written down', () => {
  const many = Array.from({ length: 350 }, (_, at) => `include/linux/header-${at}.h`)
  const all = inputsOf(['Makefile.c', ...many, 'common/main.c'])
  expect(parseInputs(inputsText(all) ?? '')?.files).toEqual(all.files)
})

test.each([
  ['nothing', ''],
  ['a text that is cut', 'common/: main.c cl'],
  ['no list', 'hello\n'],
  ['a line that is too long to be whole', `include/: ${'x.h '.repeat(20_000)}\n`],
])('%s is no list of inputs', (_, text) => {
  expect(parseInputs(text)).toBe(null)
})

test('a name that the list can’t hold leaves no list', () => {
  expect(inputsText(inputsOf(['common/a b.c']))).toBe(null)
})
