import { expect, test } from 'vitest'
import { boardFiles, outcomeOf, parseDone, verdictOf, withoutToolchain } from './board-files.ts'
import { finished } from './test-builds.ts'

const filesOf = (change: Parameters<typeof finished>[0]) =>
  Object.fromEntries(boardFiles(finished(change)))

test('the files are those of buildman, to the byte', () => {
  const files = filesOf({ machine: 'moa' })
  expect(files).toMatchObject({
    done: '0',
    log: '',
    host: 'moa',
    toolchain: 'gcc /usr/bin/arm-gcc\npath /usr/bin\ncross arm-\narch arm\n0',
    sizes: ' 200780\t   7960\t      0\t 208740\t  32f64\tu-boot 000080eb',
    'out-cmd': 'make -s x_defconfig\nmake -s\n',
    'u-boot.sizes': '00000010 T main\n',
  })
  expect(files).not.toHaveProperty('err')
})

test('done is written last', () => {
  expect(boardFiles(finished({ stderr: 'x', returnCode: 2 })).at(-1)).toEqual(['done', '2'])
})

test('what is to be built again says so', () => {
  expect(filesOf({ returnCode: -1 }).done).toBe('-1')
})

test('a board without compiler looks as buildman would leave it', () => {
  const build = withoutToolchain('m68k', "No tool chain found for arch 'm68k'", finished().own)
  const files = Object.fromEntries(boardFiles(build))
  expect(files).toMatchObject({
    done: '2\n',
    err: "Tool chain error for m68k: No tool chain found for arch 'm68k'",
  })
  expect(Object.keys(files).sort()).toEqual(['done', 'err', 'log', 'slipway.json'])
})

test('a worker cannot write elsewhere, nor pass off an outcome', () => {
  const files = filesOf({
    files: {
      '../evil': 'x',
      'a/b': 'x',
      '..': 'x',
      done: '0',
      host: 'x',
      'slipway.json': '{}',
      '.config': 'ok',
    },
  })
  expect(Object.keys(files).filter((name) => /evil|\/|^\.\./.test(name))).toEqual([])
  expect(files.host).toBe('local')
  expect(files['.config']).toBe('ok')
})

test.each([
  [0, '', 'ok'],
  [0, '\n', 'ok'],
  [0, 'a.c:1:1: warning: x', 'warnings'],
  [0, 'anything at all', 'warnings'],
  [2, '', 'failed'],
  [10, 'Tool chain error for arm: none', 'not built'],
] as const)('return code %i with stderr %j is %s', (code, stderr, outcome) => {
  expect(outcomeOf(code, stderr)).toBe(outcome)
})

test('a failure counts at least one error, whatever its tools say', () => {
  const build = finished({ returnCode: 2, stderr: 'strange words' })
  expect(verdictOf(build)).toMatchObject({ errors: 1, firstErrors: ['strange words'] })
})

test.each([
  ['0', 0],
  ['2\n', 2],
  ['-1', null],
  ['', null],
  ['2x', null],
  [' 0 \n', 0],
])('done %j means %j', (text, code) => {
  expect(parseDone(text)).toBe(code)
})
