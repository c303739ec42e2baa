import { expect, test } from 'vitest'
import { failureWords } from './failure-words.ts'

test('what differs between machines, folders and boards is left out', () => {
  const one = failureWords(
    '/home/ada/slipway/slot0/drivers/x.c:12:5: error: implicit declaration of snow_init\nmake[2]: *** [scripts/Makefile.build:257: drivers/x.o] Error 1\n',
    ['snow'],
  )
  const other = failureWords(
    '/root/w/slot17/drivers/x.c:3:1: error: implicit declaration of qemu_arm_init\nmake[1]: *** [Makefile:9: all] Error 2\n',
    ['qemu_arm'],
  )
  expect(one).toHaveLength(1)
  expect(other).toEqual(one)
})

test('unlike faults stay unlike', () => {
  expect(failureWords('make: read error: Input/output error\n', ['snow'])).not.toEqual(
    failureWords('cc1: out of memory allocating 65536 bytes\n', ['snow']),
  )
})

test('where no tool says error, the last lines are compared', () => {
  const words = failureWords('one\ntwo\nthree\nfour 4711 at 0xdeadbeef in /tmp/ccXyz.o\n', [])
  expect(words).toEqual(['two', 'three', 'four <n> at <n> in <file>'])
})

test.each([
  ['slashes', '/'.repeat(1_000_000)],
  ['one line', 'x'.repeat(1_000_000)],
  ['digits', '7 '.repeat(500_000)],
  ['errors', 'a.c:1:1: error: b\n'.repeat(60_000)],
])('a megabyte of %s is read in no time', (_name, log) => {
  const before = process.cpuUsage()
  expect(failureWords(log, ['snow', 'x']).length).toBeLessThanOrEqual(8)
  const { user } = process.cpuUsage(before)
  expect(user / 1e6).toBeLessThan(2)
})
