import { expect, test } from 'vitest'
import { boardFiles, parseDone } from './board-files.ts'
import { withoutToolchain } from './make-record.ts'
import { finished } from './test-builds.ts'

function filesOf(...of: Parameters<typeof finished>): Record<string, string> {
  const { record, texts } = finished(...of)
  return Object.fromEntries(boardFiles(record, texts))
}

test('the files are those of buildman, to the byte', () => {
  const files = filesOf({}, { machine: 'moa' })
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
  const { record, texts } = finished({ stderr: 'x', return_code: 2 })
  expect(boardFiles(record, texts).at(-1)).toEqual(['done', '2'])
})

test('what is to be built again says so', () => {
  expect(filesOf({ return_code: -1 }).done).toBe('-1')
})

test('a board without compiler looks as buildman would leave it', () => {
  const why = "No tool chain found for arch 'm68k'"
  const { record, texts } = withoutToolchain('m68k', why, finished().record)
  const files = Object.fromEntries(boardFiles(record, texts))
  expect(files).toMatchObject({
    done: '2\n',
    err: "Tool chain error for m68k: No tool chain found for arch 'm68k'",
  })
  expect(Object.keys(files).sort()).toEqual(['done', 'err', 'log', 'slipway.json'])
})

test('a worker cannot write elsewhere, nor pass off an outcome', () => {
  const files = filesOf({
    config: {
      '../evil': 'x',
      'a/b': 'x',
      '..': 'x',
      done: '0',
      host: 'x',
      err: 'x',
      'slipway.json': '{}',
      '.config': 'ok',
    },
  })
  expect(Object.keys(files).filter((name) => /evil|\/|^\.\./.test(name))).toEqual([])
  expect(files.host).toBe('local')
  expect(files.done).toBe('0')
  expect(files).not.toHaveProperty('err')
  expect(files['.config']).toBe('ok')
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
