import { expect, test } from 'vitest'
import { copyName, sizeLine } from './collect.ts'

test('a size line carries the size of .rodata in hex', () => {
  const size =
    '   text\t   data\t    bss\t    dec\t    hex\tfilename\n 200780\t   7960\t      0\t 208740\t  32f64\tu-boot\n'
  const objdump = `
u-boot:     file format elf32-littlearm

Sections:
Idx Name          Size      VMA       LMA       File off  Algn
  0 .text         00028000  01000000  01000000  00010000  2**5
                  CONTENTS, ALLOC, LOAD, READONLY, CODE
  3 .rodata       000080eb  01028000  01028000  00038000  2**3
`
  expect(sizeLine(size, objdump)).toBe(
    ' 200780\t   7960\t      0\t 208740\t  32f64\tu-boot 000080eb',
  )
  expect(sizeLine(size, '')).toBe(' 200780\t   7960\t      0\t 208740\t  32f64\tu-boot ')
  expect(sizeLine('', objdump)).toBe('')
})

test('configuration of SPL and TPL gets a name of its own', () => {
  expect(copyName('include/autoconf.mk', 'spl')).toBe('autoconf-spl.mk')
  expect(copyName('.config', 'tpl')).toBe('.config-tpl')
  expect(copyName('spl/u-boot-spl.cfg', '')).toBe('u-boot-spl.cfg')
})
