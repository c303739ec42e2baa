import { expect, test } from 'vitest'
import {
  bestByArch,
  compilerName,
  compilerPriority,
  compilerVersion,
  foundCompiler,
} from './compilers.ts'

test('the file name says architecture and prefix', () => {
  expect(compilerName('/usr/bin/arm-linux-gnueabi-gcc')).toEqual({
    arch: 'arm',
    prefix: 'arm-linux-gnueabi-',
  })
  expect(compilerName('/usr/bin/gcc')).toEqual({ arch: 'sandbox', prefix: '' })
  expect(compilerName('/opt/arc-linux-arc-linux-gcc')).toBeNull()
  expect(compilerName('/usr/bin/gcc-12')).toBeNull()
})

test.each([
  ['gcc (Debian 12.2.0-14+deb12u1) 12.2.0', '12.2.0'],
  ['gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0', '11.4.0'],
  ['gcc (GCC) 13.2.1 20231011 (Red Hat 13.2.1-4)', '13.2.1'],
  ['arm-none-eabi-gcc (Arm GNU Toolchain 13.2.rel1 (Build arm-13.7)) 13.2.1 20231009', '13.2.1'],
  ['arm-linux-gnueabihf-gcc (Linaro GCC 7.5-2019.12) 7.5.0', '7.5.0'],
  ['gcc (Alpine 13.2.1_git20231014) 13.2.1 20231014', '13.2.1'],
  ['Apple clang version 15.0.0 (clang-1500.1.0.2.5)', '15.0.0'],
  ['odd (1.2)', '1.2'],
  ['nothing', ''],
])('the version of %s', (line, version) => {
  expect(compilerVersion(line)).toBe(version)
})

test('ranks as the reference does: prefixes, downloads, then by what the path holds', () => {
  expect(compilerPriority('/x/arm-none-eabi-gcc', 'prefix-gcc')).toBe(1)
  expect(compilerPriority('/x/arm-none-eabi-gcc', 'downloaded')).toBe(3)
  expect(compilerPriority('/x/arm-none-eabi-gcc', 'path')).toBe(10)
  expect(compilerPriority('/x/riscv64-elf-gcc', 'path')).toBe(4)
  // The first of the list counts, and it is the whole path that is searched.
  expect(compilerPriority('/opt/old-elf/bin/arm-linux-gnueabi-gcc', 'path')).toBe(4)
  expect(compilerPriority('/x/gcc', 'path')).toBe(15)
})

test('of equals the first wins', () => {
  const found = ['/a/arm-linux-gcc', '/b/arm-linux-gcc', '/c/arm-elf-gcc'].flatMap(
    (path) => foundCompiler(path, 'path', { versionLine: 'gcc 1.0', triple: '' }) ?? [],
  )
  expect(bestByArch(found.slice(0, 2)).get('arm')?.gcc).toBe('/a/arm-linux-gcc')
  expect(bestByArch(found).get('arm')?.gcc).toBe('/c/arm-elf-gcc')
})
