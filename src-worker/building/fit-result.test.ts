import { expect, test } from 'vitest'
import { fitResult } from './fit-result.ts'

const plain = {
  ...({ resp: 'build_result', board: 'b', commit_upto: 0, return_code: 0 } as const),
  ...{ stdout: 'built\n', stderr: '', load_avg: 0 },
}

test('what a line has no room for is left out, and the log says so', () => {
  const large = 'x'.repeat(4 * 1024 * 1024)
  const names = ['.config', 'u-boot.cfg', 'autoconf.mk', 'autoconf.h']
  const config = Object.fromEntries(names.map((name) => [name, large]))
  const fitted = fitResult({ ...plain, config })
  expect(fitted.config).toBeUndefined()
  expect(fitted.stdout).toMatch(/^built\n\nslipway: configuration, .* are left out\n$/)
})

test('a result that fits is left alone', () => {
  const result = { ...plain, config: { '.config': 'A=y\n' } }
  expect(fitResult(result)).toBe(result)
})
