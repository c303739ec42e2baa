/** Our evaluator beside U-Boot's own `scripts/kconfig/conf`, on configurations that nobody wrote. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { treeDir } from '../../../e2e/real/u-boot-tree.ts'
import { findBoardSources, readKconfig } from '../boards/board-list.ts'
import { readDefconfig } from '../boards/defconfig.ts'
import { openTree } from '../tree-files.ts'
import { Evaluator } from './kconfig-evaluator.ts'

const run = promisify(execFile)
const build = mkdtempSync(path.join(tmpdir(), 'slipway-conf-'))
let evaluator: Evaluator
let defconfigs: readonly string[]

/** Without a compiler, as for our own scan; `conf` then asks the shell in vain. */
const environment = {
  PATH: process.env.PATH,
  HOME: build,
  srctree: treeDir,
  UBOOTVERSION: 'dummy',
  KCONFIG_CONFIG: path.join(build, 'test.config'),
  KCONFIG_OBJDIR: '',
}

beforeAll(async () => {
  const files = openTree(treeDir)
  evaluator = new Evaluator(readKconfig(files))
  defconfigs = findBoardSources(files).defconfigs
  // Builds `conf`, outside the tree.
  await run('make', ['-s', '-C', treeDir, `O=${build}`, 'sandbox_defconfig'])
})

afterAll(() => rmSync(build, { recursive: true, force: true }))

/** Symbols whose values come from commands, which we never run. */
const asksTheShell = new Set(['CLANG_VERSION', 'GCC_VERSION', 'CC_VERSION_TEXT'])

/** The symbols whose value `conf` sees otherwise than we do. */
async function differences(lines: readonly string[]): Promise<string[]> {
  const file = path.join(build, 'test_defconfig')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const conf = path.join(build, 'scripts', 'kconfig', 'conf')
  const kconfig = path.join(treeDir, 'Kconfig')
  await run(conf, [`--defconfig=${file}`, kconfig], { cwd: build, env: environment })
  evaluator.load(readDefconfig(file, (name) => readFileSync(name, 'utf8'), fail))
  return readFileSync(environment.KCONFIG_CONFIG, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const set = /^CONFIG_(\w+)=(.*)$/.exec(line)
      const name = set?.[1] ?? /^# CONFIG_(\w+) is not set$/.exec(line)?.[1]
      if (name === undefined || asksTheShell.has(name)) return []
      const value = set?.[2] ?? 'n'
      const wanted = value.replace(/^"(.*)"$/, '$1')
      const ours = evaluator.value(name)
      return ours === wanted ? [] : [`${name}: conf says ${wanted}, we say ${ours}`]
    })
}

function fail(problem: string): never {
  throw new Error(problem)
}

/** Of what `make` gives to `conf`: newer trees have defconfigs that include others. */
function linesOf(defconfig: string): string[] {
  const file = path.join(treeDir, defconfig)
  const text = readFileSync(file, 'utf8')
  const preprocess = ['-nostdinc', '-P', '-I', treeDir, '-undef', '-x', 'assembler-with-cpp', file]
  const whole = text.includes('#include')
    ? execFileSync('cpp', preprocess, { encoding: 'utf8' })
    : text
  return whole.split('\n').filter(Boolean)
}

test('every 40th board has the same configuration', async () => {
  for (const defconfig of defconfigs.filter((_, at) => at % 40 === 0)) {
    expect([defconfig, await differences(linesOf(defconfig))]).toEqual([defconfig, []])
  }
})

/** What may happen to a line of a defconfig. */
const edits = ['keep', 'keep', 'keep', 'drop', 'unset', 'set', 'double'] as const

function edit(line: string, how: (typeof edits)[number]): string[] {
  const name = /CONFIG_\w+/.exec(line)?.[0] ?? ''
  switch (how) {
    case 'keep':
      return [line]
    case 'drop':
      return []
    case 'unset':
      return [`# ${name} is not set`]
    case 'set':
      return [line, `${name}=y`]
    case 'double':
      return [`${name}=n`, line]
  }
}

test('so has any mixture of two boards', { timeout: 900_000 }, async () => {
  const index = fc.nat({ max: defconfigs.length - 1 })
  await fc.assert(
    fc.asyncProperty(
      index,
      index,
      fc.infiniteStream(fc.constantFrom(...edits)),
      fc.infiniteStream(fc.boolean()),
      async (one, other, hows, takes) => {
        const mixed = linesOf(defconfigs[one] ?? '').concat(
          linesOf(defconfigs[other] ?? '').filter(() => takes.next().value),
        )
        const lines = mixed.flatMap((line) => edit(line, hows.next().value ?? 'keep'))
        expect(await differences(lines)).toEqual([])
      },
    ),
    { numRuns: 60, endOnFailure: true },
  )
})
