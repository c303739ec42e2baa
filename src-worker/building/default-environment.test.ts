import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { testTools } from '../testing/test-tools.ts'
import { collectImages } from './collect.ts'
import { placeInImage } from './default-environment.ts'

/** As U-Boot's env folder: one object with the array, others without. */
const withArray = 'const char default_environment[] = "bootdelay=2\\0baudrate=115200\\0";\n'
const environment = 'bootdelay=2\0baudrate=115200\0\0'
const others = 'int env_count = 3; int env_next(void) { return env_count++; }\n'

const made = mkdtempSync(join(tmpdir(), 'slipway-environment-'))
let dir = made
beforeAll(() => {
  mkdirSync(join(made, 'env'))
  compile('common', withArray)
  compile('attr', others)
})
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-environment-'))
  cpSync(join(made, 'env'), join(dir, 'env'), { recursive: true })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))
afterAll(() => rmSync(made, { recursive: true, force: true }))

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { cwd: dir, stdio: 'pipe' })
}

function compile(name: string, source: string, ...flags: string[]): void {
  writeFileSync(join(dir, `${name}.c`), source)
  run('gcc', '-c', '-fdata-sections', ...flags, '-o', `env/${name}.o`, `${name}.c`)
}

async function found(): Promise<Record<string, string>> {
  const { files } = await collectImages(dir, testTools())
  return Object.fromEntries(Object.entries(files).filter(([name]) => name === 'uboot.env'))
}

test.each([
  ['one object, as up to v2025.07', () => run('ld', '-r', '-o', 'env/built-in.o', ...members)],
  ['a thin archive, as since v2025.10', () => run('ar', 'rcsT', 'env/built-in.a', ...members)],
  ['a thin archive with whole paths', () => run('ar', 'cDPrST', 'env/built-in.a', ...members)],
  [
    'an archive that holds its objects',
    () => {
      run('ar', 'rcs', 'env/built-in.a', ...members)
      run('rm', ...members)
    },
  ],
  [
    'an array that may be written',
    () => {
      compile('common', withArray.replace('const ', ''))
      run('ar', 'rcsT', 'env/built-in.a', ...members)
    },
  ],
  [
    'the image alone, where objects hold no data',
    () => {
      compile('common', withArray, '-flto')
      run('ar', 'rcsT', 'env/built-in.a', ...members)
      writeFileSync(
        join(dir, 'main.c'),
        `${withArray}int main(int n, char **v) { return default_environment[n]; }\n`,
      )
      run('gcc', '-O0', '-o', 'u-boot', 'main.c')
    },
  ],
])('the environment comes from %s', async (_name, make) => {
  make()
  expect(await found()).toEqual({ 'uboot.env': environment })
})

const members = ['env/attr.o', 'env/common.o']

test('of two kinds in one folder the newer one counts', async () => {
  run('ld', '-r', '-o', 'env/built-in.o', ...members)
  utimesSync(join(dir, 'env/built-in.o'), 1, 1)
  compile('common', withArray.replace('bootdelay=2', 'bootdelay=5'))
  run('ar', 'rcsT', 'env/built-in.a', ...members)
  expect(await found()).toEqual({ 'uboot.env': environment.replace('2', '5') })
})

test('a build without an environment has none, whatever was there before', async () => {
  writeFileSync(join(dir, 'uboot.env'), 'of=before\0')
  run('ar', 'rcsT', 'env/built-in.a', 'env/attr.o')
  expect(await found()).toEqual({})
})

test('what tools can not mean is no place', () => {
  const sections = '  3 .rodata  00001000  01000000  01000000  00010000  2**3\n'
  const symbol = (address: string, size: string) => `${address} ${size} R default_environment\n`
  expect(placeInImage(symbol('01000010', '00000020'), sections)).toEqual({ at: 0x10010, size: 32 })
  expect(placeInImage(symbol('01000ff0', '00000020'), sections)).toBeNull()
  expect(placeInImage(symbol('01000010', 'ffffffff'), sections)).toBeNull()
  expect(placeInImage('', sections)).toBeNull()
})

test('a place is exact to the byte where addresses have 64 bits', () => {
  const sections =
    '  3 .rodata  0000000000009a10  ffffffffbe010000  ffffffffbe010000  00010000  2**4\n'
  const symbol = 'ffffffffbe0123f8 0000000000000123 R default_environment\n'
  expect(placeInImage(symbol, sections)).toEqual({ at: 0x123f8, size: 0x123 })
})
