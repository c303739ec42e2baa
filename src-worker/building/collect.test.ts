import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createChildren } from '../processes/children.ts'
import { testTools } from '../testing/test-tools.ts'
import { collectImages, copyBuildFolder, copyName, sizeLine } from './collect.ts'

test('an image is described as the tools describe it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-collect-'))
  try {
    writeFileSync(join(dir, 'main.c'), 'int table[40] = {1}; int main(void) { return table[1]; }\n')
    execFileSync('gcc', ['-o', 'u-boot', 'main.c'], { cwd: dir })
    const said = (tool: string, ...args: string[]) =>
      execFileSync(tool, [...args, 'u-boot'], { cwd: dir, encoding: 'utf8' })
    const tools = testTools()
    const { files, sizes } = await collectImages(dir, tools)
    expect(files).toEqual({
      'u-boot.sizes': said('nm', '--size-sort'),
      'u-boot.objdump': said('objdump', '-h'),
    })
    expect(files['u-boot.sizes']).toContain('table')
    expect(sizes).toBe(sizeLine(said('size'), said('objdump', '-h')))
    const absent = { ...tools, cross: 'no-such-prefix-' }
    expect(await collectImages(dir, absent)).toEqual({ sizes: '', files: {} })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

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

test('a copy has no list of what it was configured from, so that make can go on there', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-copy-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const [outDir, target] = [join(dir, 'out'), join(dir, 'target')]
  const relative = 'include/config/auto.conf: ../include/common.h\n'
  // One is of this build, the other was left by one before.
  for (const folder of [outDir, target])
    mkdirSync(join(folder, 'include/config'), { recursive: true })
  writeFileSync(join(outDir, 'include/autoconf.mk'), 'CONFIG_ARM=y\n')
  writeFileSync(join(outDir, 'include/autoconf.mk.dep'), relative)
  writeFileSync(join(target, 'include/config/auto.conf.cmd'), relative)
  await copyTo(outDir, target)
  const names = readdirSync(target, { recursive: true }).sort()
  expect(names).toEqual(['include', 'include/autoconf.mk', 'include/config'])
})

function copyTo(outDir: string, target: string): Promise<void> {
  const env = { PATH: process.env.PATH ?? '' }
  return copyBuildFolder(outDir, target, { children: createChildren('test'), env, slot: 0 })
}

test.runIf(process.getuid?.() === 0)(
  'a copy that does not fit leaves neither half a file nor the word of the build before',
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'slipway-copy-'))
    const [outDir, target] = [join(dir, 'out'), join(dir, 'target')]
    for (const folder of [outDir, target]) mkdirSync(folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'slipway-test', target])
    onTestFinished(() => {
      execFileSync('umount', ['-l', target])
      rmSync(dir, { recursive: true, force: true })
    })
    const copy = () => copyTo(outDir, target)
    mkdirSync(join(outDir, 'spl'))
    for (const path of ['u-boot.bin', 'spl/u-boot-spl']) writeFileSync(join(outDir, path), 'old')
    await copy()
    writeFileSync(join(target, 'done'), '0')
    writeFileSync(join(outDir, 'u-boot.bin'), Buffer.alloc(1_000_000))
    await expect(copy()).rejects.toThrow(`can't copy ${outDir} to ${target}: `)
    expect(readdirSync(target).sort()).toEqual(['spl', 'u-boot.bin'])
    expect(readFileSync(join(target, 'u-boot.bin'), 'utf8')).toBe('old')
    writeFileSync(join(outDir, 'u-boot.bin'), 'new')
    await copy()
    expect(readFileSync(join(target, 'u-boot.bin'), 'utf8')).toBe('new')
    expect(readdirSync(join(target, 'spl'))).toEqual(['u-boot-spl'])
  },
)
