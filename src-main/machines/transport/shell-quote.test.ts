import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forAnyShell, shellQuote } from './shell-quote.ts'
import { shellScript } from './shell-scripts.ts'

const word = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0'))
const nasty = fc.stringMatching(/^['"\\!$`\n ;#&|~*%a0-9-]{0,12}$/)

test('any argument arrives as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(word, nasty), { minLength: 1, maxLength: 4 }), (argv) => {
      const command = shellQuote(['printf', '%s\\0', ...argv])
      const output = execFileSync('sh', ['-c', command], { encoding: 'utf8' })
      expect(output).toBe(argv.map((text) => `${text}\0`).join(''))
    }),
    { numRuns: 60 },
  )
})

test('plain words stay readable', () => {
  expect(shellQuote(['git', '--git-dir=/a b', 'x'])).toBe(`git '--git-dir=/a b' x`)
  expect(shellQuote([''])).toBe("''")
})

const loginShells = ['sh', 'bash', 'busybox sh', 'zsh', 'fish', 'bsd-csh', 'tcsh']

test.each(loginShells)('a script survives a login shell: %s', (shell) => {
  const [program = '', ...rest] = shell.split(' ')
  fc.assert(
    fc.property(fc.oneof(word, nasty), (text) => {
      const command = forAnyShell(`printf %s ${shellQuote([text])}`)
      const output = execFileSync(program, [...rest, '-c', command], { encoding: 'utf8' })
      expect(output).toBe(text)
    }),
    { numRuns: 40 },
  )
})

/** csh takes no word above 8,191 bytes, and no command of ours may come near. */
test('the longest script of ours survives the shell with the shortest memory', async () => {
  const script = await shellScript('unpack-toolchain.sh', { arch: 'aarch64', name: 'n'.repeat(80) })
  expect(Buffer.byteLength(forAnyShell(script))).toBeLessThan(6000)
})
