import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseToolchains, missingArchs, referenceToolchains } from './choose-toolchain.ts'
import type { FoundCompiler } from './compilers.ts'

const none: ReadonlyMap<string, readonly string[]> = new Map()

function gcc(arch: string, version: string, more: Partial<FoundCompiler> = {}): FoundCompiler {
  const triple = `${arch}-linux`
  const path = `/usr/bin/${arch}-linux-gcc-of-${version}`
  return { arch, version, triple, prefix: `${arch}-linux-`, gcc: path, priority: 6, ...more }
}

function choose(
  boss: FoundCompiler[],
  machine: FoundCompiler[],
  { aliases = none, allowDifferent = false } = {},
) {
  const references = referenceToolchains(boss, [{ name: 'moa', compilers: machine }], aliases)
  const { archs, leftOut } = chooseToolchains({
    compilers: machine,
    references,
    aliases,
    allowDifferent,
  })
  return {
    archs: Object.fromEntries(
      [...archs].map(([arch, one]) => [arch, `${one.arch} ${one.version}`]),
    ),
    leftOut: leftOut.map(({ arch, reason }) => `${arch}: ${reason}`),
  }
}

test('the same compiler builds, a system one as well as any', () => {
  expect(choose([gcc('arm', '12.2.0')], [gcc('arm', '12.2.0')])).toEqual({
    archs: { arm: 'arm 12.2.0' },
    leftOut: [],
  })
})

test('another version or target is left out with its reason, or allowed', () => {
  const boss = [gcc('arm', '12.2.0')]
  const newer = [gcc('arm', '13.2.0')]
  expect(choose(boss, newer)).toEqual({
    archs: {},
    leftOut: ['arm: gcc 13.2.0 here, 12.2.0 on local'],
  })
  expect(choose(boss, newer, { allowDifferent: true }).archs).toEqual({ arm: 'arm 13.2.0' })
  expect(choose(boss, [gcc('arm', '12.2.0', { triple: 'arm-none-eabi' })]).leftOut).toEqual([
    'arm: gcc 12.2.0 builds for arm-none-eabi here, for arm-linux on local',
  ])
  expect(choose(boss, [gcc('arm', '', { gcc: '/x/arm-gcc' })]).leftOut).toEqual([
    "arm: the version of /x/arm-gcc can't be read",
  ])
})

test("of several, the one like the boss's is taken, whatever its rank", () => {
  const machine = [gcc('arm', '13.2.0', { priority: 3 }), gcc('arm', '12.2.0')]
  expect(choose([gcc('arm', '12.2.0')], machine).archs).toEqual({ arm: 'arm 12.2.0' })
  expect(choose([gcc('arm', '11.1.0')], machine, { allowDifferent: true }).archs).toEqual({
    arm: 'arm 13.2.0',
  })
})

test('aliases are tried first, on the boss and on the machine', () => {
  const aliases = new Map([['x86', ['i386', 'x86_64']]])
  const machine = [gcc('x86_64', '12.2.0'), gcc('i386', '12.2.0')]
  expect(choose([], machine, { aliases }).archs).toEqual({
    i386: 'i386 12.2.0',
    x86: 'i386 12.2.0',
    x86_64: 'x86_64 12.2.0',
  })
  const boss = [gcc('x86_64', '12.2.0'), gcc('x86', '9.0.0')]
  expect(choose(boss, [gcc('x86_64', '12.2.0')], { aliases }).archs.x86).toBe('x86_64 12.2.0')
})

test('without a compiler on the boss most machines decide, and of equals the first', () => {
  const machines = ['11.0.0', '12.2.0', '12.2.0'].map((version, index) => ({
    name: `m${index}`,
    compilers: [gcc('m68k', version)],
  }))
  expect(referenceToolchains([], machines, none).get('m68k')).toMatchObject({
    version: '12.2.0',
    from: 'm1',
  })
  expect(referenceToolchains([], machines.slice(0, 2), none).get('m68k')?.from).toBe('m0')
  expect(missingArchs([gcc('arm', '1.0'), gcc('sh4', '1.0')], [gcc('arm', '2.0')], none)).toEqual([
    'sh4',
  ])
})

test('an architecture is chosen or left out, never both, and never silently dropped', () => {
  const compiler = fc
    .tuple(fc.constantFrom('arm', 'i386', 'sandbox'), fc.constantFrom('1.0', '2.0', ''), fc.nat(15))
    .map(([arch, version, priority]) => gcc(arch, version, { priority }))
  const compilers = fc.array(compiler, { maxLength: 6 })
  fc.assert(
    fc.property(compilers, compilers, fc.boolean(), (boss, machine, allowDifferent) => {
      const aliases = new Map([['x86', ['i386']]])
      const references = referenceToolchains(boss, [{ name: 'moa', compilers: machine }], aliases)
      const choice = chooseToolchains({ compilers: machine, references, aliases, allowDifferent })
      const archs = new Set(machine.map(({ arch }) => arch))
      if (archs.has('i386')) archs.add('x86')
      const named = [...choice.archs.keys(), ...choice.leftOut.map(({ arch }) => arch)]
      expect(named.sort()).toEqual([...archs].sort())
      if (allowDifferent) expect(choice.leftOut).toEqual([])
    }),
  )
})
