import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  asksForConfigure,
  type ConfigureQuestion,
  failureReason,
  finalReturnCode,
  firstTry,
  kconfigLoop,
  type RuleSettings,
  secondTry,
} from './build-rules.ts'

const plain: RuleSettings = {
  mrproper: false,
  fallback_mrproper: false,
  config_only: false,
  force_reconfig: false,
  quick: false,
}
const question: ConfigureQuestion = {
  settings: plain,
  first: false,
  lastFailed: false,
  kconfigChanged: false,
  adjusts: false,
}

/** Which makes a series of commits runs; `fails` says whether the build of a commit fails. */
function makes(settings: RuleSettings, fails: readonly boolean[], again = false): string[] {
  let lastFailed = false
  return fails.map((failed, i) => {
    const buildTry = firstTry({ ...question, settings, first: i === 0, lastFailed })
    lastFailed = failed
    const second = failed ? secondTry(settings, buildTry, again) : null
    const name = (g: typeof buildTry) => [
      ...(g.configure && g.mrproper ? ['mrproper'] : []),
      ...(g.configure ? ['config'] : []),
      g.configOnly ? 'cfg' : 'build',
    ]
    return [buildTry, ...(second ? [second] : [])].flatMap(name).join(' ')
  })
}

test('ok, warning, error, fix: the makes of the reference (example 8)', () => {
  expect(makes(plain, [false, false, true, false])).toEqual([
    'config build',
    'build',
    'build config build',
    'config build',
  ])
})

test('quick neither tries again nor reconfigures after a failure', () => {
  expect(makes({ ...plain, quick: true }, [false, true, false])).toEqual([
    'config build',
    'build',
    'build',
  ])
})

test('mrproper goes before each configuration, and rules a second try out', () => {
  const settings = { ...plain, mrproper: true }
  expect(makes(settings, [true, true])).toEqual(['mrproper config build', 'mrproper config build'])
})

test('fallback mrproper cleans before the second try only, which drops config-only', () => {
  const settings = { ...plain, fallback_mrproper: true, config_only: true }
  expect(makes(settings, [false, true])).toEqual(['config cfg', 'cfg mrproper config build'])
})

test('current source is always tried again, but not with mrproper', () => {
  expect(makes(plain, [true], true)).toEqual(['config build config build'])
  expect(makes({ ...plain, quick: true }, [true], true)).toEqual(['config build config build'])
  expect(makes({ ...plain, mrproper: true }, [true], true)).toEqual(['mrproper config build'])
})

test('whatever asks for it, a configured try is never followed by another of a branch', () => {
  fc.assert(
    fc.property(
      fc.record({
        first: fc.boolean(),
        lastFailed: fc.boolean(),
        kconfigChanged: fc.boolean(),
        adjusts: fc.boolean(),
      }),
      (asked) => {
        const buildTry = firstTry({ ...question, ...asked })
        expect(buildTry.configure).toBe(Object.values(asked).some(Boolean))
        expect(secondTry(plain, buildTry, false) === null).toBe(buildTry.configure)
      },
    ),
  )
})

test('what a return code comes to', () => {
  expect(finalReturnCode(0, 'a warning')).toBe(0)
  expect(finalReturnCode(2, 'Image x: Some images are invalid\n')).toBe(0)
  expect(finalReturnCode(1, 'Some images are invalid')).toBe(1)
  expect(finalReturnCode(2, 'make: fork: No child processes')).toBe(-1)
})

test('a full disk and a want of memory are named; an error in the source is not', () => {
  const signs = { stderr: '', oomKills: 0, freeBytes: 1e9 }
  const full = "cc1: fatal error: can't write PCH file: No space left on device\n"
  expect(failureReason({ ...signs, stderr: full })?.reason).toBe('disk full')
  expect(failureReason({ ...signs, freeBytes: 0 })?.reason).toBe('disk full')
  expect(failureReason({ ...signs, freeBytes: 40_000 })?.reason).toBe('disk full')
  // As dash says it.
  expect(failureReason({ ...signs, stderr: 'echo: echo: I/O error' })?.reason).toBe('disk full')
  const killed = 'gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\n'
  expect(failureReason({ ...signs, stderr: killed })).toEqual({
    reason: 'out of memory',
    text: expect.stringMatching(/^cc1 was killed/),
  })
  const reaped = '/bin/sh: line 1: 77 Killed  ld -r\n'
  expect(failureReason({ ...signs, stderr: reaped, oomKills: 1 })?.reason).toBe('out of memory')
  expect(failureReason({ ...signs, stderr: reaped })).toBeNull()
  expect(
    failureReason({ ...signs, stderr: "main.c:3: error: 'Killed_by' undeclared\n" }),
  ).toBeNull()
})

test('a question asked twice after a restart of Kconfig is a loop', () => {
  const asked = 'Size of x (X_SIZE) [] (NEW) '
  expect(kconfigLoop(`Restart config...\n${asked}${asked}`)).toBe('X_SIZE')
  expect(kconfigLoop(`Restart config...\n${asked}Other (Y) [] (NEW) `)).toBeNull()
  expect(kconfigLoop(asked + asked)).toBeNull()
})

test('Kconfig files and the own defconfig ask for a configuration, others do not', () => {
  const asks = (...paths: string[]) => asksForConfigure(paths, 'snow_defconfig')
  expect(asks('arch/arm/Kconfig.debug')).toBe(true)
  expect(asks('README', 'configs/snow_defconfig')).toBe(true)
  expect(asks('configs/vendor/snow_defconfig')).toBe(true)
  expect(asks('configs/other_defconfig', 'common/main.c', '.github/Kconfig')).toBe(false)
})
