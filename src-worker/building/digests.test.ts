import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/worker-fixture.ts'
import { digestsText } from './digests.ts'
import { elfSections } from './elf-sections.ts'

const source = 'int twice(int x) { return 2 * x + LEVEL; }\nconst char name[] = "a name";\n'

function compiled(dir: string, name: string, ...flags: string[]): Buffer {
  const file = join(dir, `${name}.o`)
  execFileSync('cc', ['-x', 'c', '-g', '-ffunction-sections', ...flags, '-c', '-o', file, '-'], {
    input: source,
  })
  return readFileSync(file)
}

function digestsOf(file: Buffer): Map<string, string> {
  return new Map(elfSections(file)?.map(({ name, digest }) => [name, digest]))
}

test('sections of real objects tell what differs: code, or only where it was compiled', () => {
  const dir = temporaryFolder()
  const here = compiled(dir, 'here', '-DLEVEL=1', `-fdebug-prefix-map=${process.cwd()}=/here`)
  const there = compiled(dir, 'there', '-DLEVEL=1', `-fdebug-prefix-map=${process.cwd()}=/there`)
  const other = compiled(dir, 'other', '-DLEVEL=2', `-fdebug-prefix-map=${process.cwd()}=/here`)
  const differing = (one: Buffer, two: Buffer) => {
    const known = digestsOf(two)
    return [...digestsOf(one)].filter(([name, digest]) => known.get(name) !== digest)
  }
  expect(differing(here, there).every(([name]) => name.startsWith('.debug'))).toBe(true)
  expect(differing(here, there)).not.toEqual([])
  expect(differing(here, other).map(([name]) => name)).toContain('.text.twice')
  const loaded = elfSections(here)?.filter(({ loaded }) => loaded)
  expect(loaded?.map(({ name }) => name)).toEqual(expect.arrayContaining(['.text.twice']))
  expect(loaded?.map(({ name }) => name).join()).not.toMatch(/debug|symtab|comment/)
})

test('a file that is cut or damaged is read without a fault', () => {
  const whole = compiled(temporaryFolder(), 'whole', '-DLEVEL=1')
  const seed = Date.now() % 100_000
  let state = seed
  for (let round = 0; round < 300; round += 1) {
    const bytes = Buffer.from(
      whole.subarray(0, round % 3 === 0 ? (round * 37) % whole.length : undefined),
    )
    for (let at = 4; at < Math.min(64, bytes.length); at += 1) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      if (state % 5 === 0) bytes[at] = state % 256
    }
    expect(() => elfSections(bytes), `seed ${seed}, round ${round}`).not.toThrow()
  }
  expect(elfSections(Buffer.from('not an ELF file'))).toBeNull()
})

test('files are listed as sha256sum has them, sections below, and nothing else', async () => {
  const dir = temporaryFolder()
  for (const folder of ['lib', 'include/generated', 'spl']) {
    mkdirSync(join(dir, folder), { recursive: true })
  }
  compiled(join(dir, 'lib'), 'a', '-DLEVEL=1')
  const files = ['.config', 'u-boot.bin', 'spl/u-boot-spl', 'include/generated/version.h']
  for (const file of [
    ...files,
    'u-boot.map',
    'lib/.a.o.cmd',
    '.tmp.o',
    'lib/built-in.o',
    'include/common.h',
  ]) {
    writeFileSync(join(dir, file), file)
  }
  const text = await digestsText(dir)
  const plain = text.replace(/^ .*\n/gm, '')
  const checked = execFileSync('sha256sum', ['-c', '-'], { cwd: dir, input: plain })
  expect(checked.toString()).toBe(
    '.config: OK\ninclude/generated/version.h: OK\nlib/a.o: OK\nspl/u-boot-spl: OK\nu-boot.bin: OK\n',
  )
  expect(text).toMatch(/ {2}lib\/a\.o\n(?: [0-9a-f]{8} (?:loaded|beside) .+\n)+/)
})
