import { expect, test } from 'vitest'
import { comparableLines, filesToRemake, hidesWarnings } from './hidden-warnings.ts'

const compiler = `../common/main.c: In function 'main_loop':
../common/main.c:44:6: warning: unused variable 'x' [-Wunused-variable]
   44 |  int x;
      |      ^
`
const linker = `arm-linux-gnueabi-ld.bfd: warning: lib/efi_loader/helloworld_efi.so has a LOAD segment with RWX permissions
arm-linux-gnueabi-ld.bfd: warning: arch/arm/lib/lib1funcs.o: missing .note.GNU-stack section implies executable stack
arm-linux-gnueabi-ld.bfd: NOTE: This behaviour is deprecated
`
const dtc = 'arch/arm/dts/sun7i-a20.dtb: Warning (unit_address_vs_reg): /soc: no unit name\n'

test('a warning that only moved is the same; one that is not there any more is missed', () => {
  const before = comparableLines(compiler + linker)
  expect(before).toHaveLength(5)
  expect(hidesWarnings(before, compiler.replaceAll('44', '51') + linker)).toBe(false)
  expect(hidesWarnings(before, linker)).toBe(true)
  expect(hidesWarnings(before, `${compiler}something new\n${linker}`)).toBe(false)
  expect(hidesWarnings([], '')).toBe(false)
})

test('what complained is made anew: objects of every phase, links, device trees', () => {
  expect(filesToRemake(compiler)).toEqual([
    'common/main.o',
    'spl/common/main.o',
    'tpl/common/main.o',
  ])
  expect(filesToRemake(linker)).toEqual([
    'lib/efi_loader/helloworld_efi.so',
    'lib/efi_loader/helloworld.o',
    'lib/efi_loader/helloworld.efi',
    'arch/arm/lib/lib1funcs.o',
  ])
  expect(filesToRemake(dtc)).toEqual(['arch/arm/dts/sun7i-a20.dtb'])
  expect(filesToRemake('In file included from ../cmd/bdinfo.c:12:\n')).toContain('cmd/bdinfo.o')
})

test('nothing outside the build folder is removed', () => {
  expect(filesToRemake('ld: warning: ../../../home/me/precious.o: odd\n')).toEqual([])
})
