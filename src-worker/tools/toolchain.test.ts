import { expect, test } from 'vitest'
import { chooseToolchain, toolchainFromPath } from './toolchain.ts'

test('the prefix is the name through its last hyphen', () => {
  expect(toolchainFromPath('/opt/x/bin/arm-linux-gnueabi-gcc')).toEqual({
    gcc: '/opt/x/bin/arm-linux-gnueabi-gcc',
    path: '/opt/x/bin',
    cross: 'arm-linux-gnueabi-',
    arch: 'arm',
  })
  expect(toolchainFromPath('/usr/bin/gcc').cross).toBe('')
})

test('no toolchain, and one that is gone, are told apart', () => {
  expect(chooseToolchain('m68k', {}, '/usr/bin')).toEqual({
    problem: "Tool chain error for m68k: No tool chain found for arch 'm68k'",
  })
  expect(chooseToolchain('m68k', { m68k: '/nowhere/m68k-gcc' }, '')).toEqual({
    problem: "Tool chain error for m68k: /nowhere/m68k-gcc is not there or can't be run",
  })
})

test('sandbox boards take the compiler of the machine', () => {
  const choice = chooseToolchain('sandbox', {}, '/nowhere:/usr/bin')
  expect(choice).toMatchObject({ toolchain: { gcc: '/usr/bin/gcc', cross: '' } })
})
