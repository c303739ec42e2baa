import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forAnyShell, shellQuote } from './shell-quote.ts'

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

test('a script survives every login shell at hand', () => {
  fc.assert(
    fc.property(fc.oneof(word, nasty), (text) => {
      const command = forAnyShell(`printf %s ${shellQuote([text])}`)
      for (const shell of [['sh'], ['bash'], ['busybox', 'sh']]) {
        const [program = '', ...rest] = shell
        const output = execFileSync(program, [...rest, '-c', command], { encoding: 'utf8' })
        expect(output).toBe(text)
      }
    }),
    { numRuns: 40 },
  )
})

test('what fish and csh read differently between single quotes is not there', () => {
  const command = forAnyShell(`printf '%s\\n' 'a\\b'\necho "!"`)
  expect(command).not.toMatch(/\n|!|\\\\|\\'/)
  expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe('a\\b\n!\n')
})
