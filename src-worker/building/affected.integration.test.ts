import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { BuildInputs } from '../../src-core/affected/build-inputs.ts'
import { changeBetween } from '../../src-core/affected/change-between.ts'
import { whyAffected } from '../../src-core/affected/why-affected.ts'
import { readInputs } from './read-inputs.ts'

/**
 * Random commits to a small tree that has whatever could deceive: headers before others of their name,
 * wildcards, generated files, links, folders that make asks for, sources that ask for headers. Each
 * commit is built from scratch; what is called unaffected must have the same image.
 */

const makefile = `
cflags = -Iarch/near/include -Iinclude $(if $(wildcard include/extra),-DEXTRA) \\
	-DNOTE=$(shell wc -c <note.md) $(shell cat .config)
sources = $(wildcard lib/*.c) drivers/used/used.c
objects = $(sources:%.c=build/%.o)
all: build/u-boot.bin
%_defconfig:
	@mkdir -p build && $(CC) -E -P -x assembler-with-cpp configs/$@ -o .config
build/u-boot.bin: $(objects) build/numbers
	@cat $^ >$@
build/numbers: lib/numbers.txt include/named.h
	@cat $^ >$@
build/%.o: %.c
	@mkdir -p $(@D) && $(CC) -O1 $(cflags) -MMD -MP -MF $@.d -c -o $@ $<
`

const start: Readonly<Record<string, string>> = {
  Makefile: makefile,
  '.gitignore': 'build\n.config\n',
  'note.md': 'a note\n',
  'doc/guide.rst': 'a guide\n',
  'configs/board_defconfig': '#include "shared.config"\n-DBOARD=1\n',
  'configs/shared.config': '-DSHARED=1\n',
  'configs/other_defconfig': '-DBOARD=2\n',
  'include/common.h': '#include "deep/values.h"\n#define COMMON 1\n',
  'include/deep/values.h': '#define VALUE 1\n',
  'include/unused.h': '#define UNUSED 1\n',
  'include/named.h': '#define NAMED 1\n',
  'lib/first.c':
    '#include <common.h>\n#if __has_include("maybe.h")\nint maybe;\n#endif\nint first = COMMON + VALUE + BOARD + SHARED;\n',
  'lib/numbers.txt': '1 2 3\n',
  'drivers/used/used.c': '#include <linked.h>\nint used = LINKED;\n',
  'drivers/unused/unused.c': 'int unused = 1;\n',
  'include/target.h': '#define LINKED 1\n',
}

class Tree {
  readonly dir = mkdtempSync(join(tmpdir(), 'slipway-affected-'))
  private count = 1

  constructor() {
    for (const [file, text] of Object.entries(start)) this.write(file, text)
    symlinkSync('target.h', join(this.dir, 'include/linked.h'))
    this.git('init', '-q')
    this.git('config', 'user.name', 'Lab')
    this.git('config', 'user.email', 'lab@localhost')
    this.commit()
  }

  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.dir, encoding: 'utf8' }).trim()
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.dir, file)), { recursive: true })
    writeFileSync(join(this.dir, file), text)
  }

  commit(): string {
    this.git('add', '-A')
    this.git('commit', '-q', '--allow-empty', '-m', 'change')
    return this.git('rev-parse', 'HEAD')
  }

  /** Changes one number in a file, if it is there. */
  edit(file: string): void {
    const path = join(this.dir, file)
    if (!existsSync(path)) return
    this.count += 1
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\d+(?=\D*$)/, String(this.count)))
  }

  /** Writes a file, or removes the one that is there. */
  toggle(file: string, text: string): void {
    if (existsSync(join(this.dir, file))) rmSync(join(this.dir, file))
    else this.write(file, text)
  }

  /** The other name of two, for a folder. */
  move(one: string, other: string): void {
    const [from, to] = existsSync(join(this.dir, one)) ? [one, other] : [other, one]
    renameSync(join(this.dir, from), join(this.dir, to))
  }

  retarget(): void {
    const link = join(this.dir, 'include/linked.h')
    const isFirst =
      readFileSync(link, 'utf8') === readFileSync(join(this.dir, 'include/target.h'), 'utf8')
    rmSync(link)
    this.write('include/second.h', '#define LINKED 77\n')
    symlinkSync(isFirst ? 'second.h' : 'target.h', link)
  }

  build(): { readonly image: string; readonly inputs: BuildInputs | null } {
    const make = (goal: string) => execFileSync('make', ['-s', goal], { cwd: this.dir })
    rmSync(join(this.dir, 'build'), { recursive: true, force: true })
    make('board_defconfig')
    make('all')
    const place = { tree: this.dir, outDir: join(this.dir, 'build') }
    const image = readFileSync(join(place.outDir, 'u-boot.bin')).toString('hex')
    return { image, inputs: readInputs(place, ['board_defconfig']) }
  }

  ask = async (args: readonly string[], input = ''): Promise<string> => {
    try {
      const options = { cwd: this.dir, input, encoding: 'utf8' } as const
      return execFileSync('git', [...args], options)
    } catch (error) {
      if (args[0] === 'grep' && (error as { status?: unknown }).status === 1) return ''
      throw error
    }
  }
}

const changes: readonly ((tree: Tree) => void)[] = [
  ...['lib/first.c', 'drivers/used/used.c', 'drivers/unused/unused.c', 'drivers/moved/unused.c'],
  ...['include/common.h', 'include/deep/values.h', 'include/unused.h', 'include/named.h'],
  ...['include/target.h', 'include/second.h', 'lib/numbers.txt', 'note.md', 'doc/guide.rst'],
  ...['configs/board_defconfig', 'configs/shared.config', 'configs/other_defconfig'],
].map((file) => (tree: Tree) => tree.edit(file))

const tricks: readonly ((tree: Tree) => void)[] = [
  (tree) => tree.toggle('arch/near/include/common.h', '#define COMMON 5\n#define VALUE 6\n'),
  (tree) => tree.toggle('include/values.h', '#define VALUE 9\n'),
  (tree) => tree.toggle('include/maybe.h', '/* 1 */\n'),
  (tree) => tree.toggle('include/extra/more.h', '/* 1 */\n'),
  (tree) => tree.toggle('include/plain.h', '/* 1 */\n'),
  (tree) => tree.toggle('lib/second.c', '#ifdef EXTRA\nint extra;\n#endif\nint second = 1;\n'),
  (tree) => tree.move('drivers/unused', 'drivers/moved'),
  (tree) => tree.retarget(),
  (tree) => chmodSync(join(tree.dir, 'include/unused.h'), 0o755),
  (tree) => chmodSync(join(tree.dir, 'include/unused.h'), 0o644),
]

test('whatever commits do, a build that is called unaffected has the image that it would have', async () => {
  const seed = Number(process.env.SLIPWAY_SEED ?? Date.now() % 1_000_000)
  console.log(`seed ${seed}`)
  const random = seededRandom(seed)
  const tree = new Tree()
  onTestFinished(() => rmSync(tree.dir, { recursive: true, force: true }))
  let basis = { hash: tree.git('rev-parse', 'HEAD'), ...tree.build() }
  const counts = { unaffected: 0, affected: 0 }
  for (let step = 0; step < 60; step += 1) {
    const kind = random() < 0.6 ? changes : tricks
    kind[Math.floor(random() * kind.length)]?.(tree)
    const hash = tree.commit()
    const built = tree.build()
    if (basis.inputs === null) throw new Error('a build that does not tell what it read')
    const why = whyAffected(basis.inputs, await changeBetween(tree.ask, basis.hash, hash))
    if (why === null) {
      counts.unaffected += 1
      const diff = tree.git('diff', '--stat', basis.hash, hash)
      expect(built.image === basis.image, `seed ${seed}, step ${step}: ${diff}`).toBe(true)
    } else {
      counts.affected += 1
      basis = { hash, ...built }
    }
  }
  expect(counts.unaffected).toBeGreaterThan(5)
  expect(counts.affected).toBeGreaterThan(5)
})

test('a folder with an object that has no list, or with dtoc’s scan, tells nothing', () => {
  const tree = new Tree()
  onTestFinished(() => rmSync(tree.dir, { recursive: true, force: true }))
  expect(tree.build().inputs).not.toBe(null)
  const place = { tree: tree.dir, outDir: join(tree.dir, 'build') }
  writeFileSync(join(place.outDir, 'dt-plat.c'), '')
  expect(readInputs(place, ['board_defconfig'])).toBe(null)
  rmSync(join(place.outDir, 'dt-plat.c'))
  writeFileSync(join(place.outDir, 'made.o'), '')
  expect(readInputs(place, ['board_defconfig'])).toBe(null)
  rmSync(join(place.outDir, 'made.o'))
  expect(readInputs(place, ['nosuch_defconfig'])).toBe(null)
  const objects = readdirSync(join(place.outDir, 'lib')).filter((name) => name.endsWith('.o'))
  for (const name of objects) rmSync(join(place.outDir, 'lib', name))
  rmSync(join(place.outDir, 'drivers'), { recursive: true })
  expect(readInputs(place, ['board_defconfig'])).toBe(null)
})

/** Numbers from 0 to 1, the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
