import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentedVariables } from './settings-page.ts'

const root = join(import.meta.dirname, '..', '..')
const forTests = /\.test\.tsx?$|\/test-[^/]*\.ts$|\/testing\//

/** By name, a file that reads it. */
function variablesRead(): Map<string, string> {
  const listed = execFileSync('git', ['ls-files', 'src-*'], { cwd: root, encoding: 'utf8' })
  const files = listed.split('\n').filter((file) => /\.tsx?$/.test(file) && !forTests.test(file))
  return new Map(
    files.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      const found = text.matchAll(/\benv\.([A-Z][A-Z0-9_]+|npm_\w+)\b/g)
      return Array.from(found, ([, name = '']): [string, string] => [name, file])
    }),
  )
}

test('every environment variable that the programs read stands in docs/settings.md', () => {
  const read = variablesRead()
  expect(read.size).toBeGreaterThan(10)
  const unsaid = [...read].filter(([name]) => !documentedVariables.has(name))
  expect(unsaid).toEqual([])
})
