import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makePrivateFolder } from './private-folder.ts'

function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-private-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}
const modeOf = (folder: string) => (statSync(folder).mode & 0o777).toString(8)

test('what is missing is made, what is there is closed to others', () => {
  const dir = temporaryFolder()
  const deep = join(dir, 'a', 'b')
  makePrivateFolder(deep)
  expect([modeOf(join(dir, 'a')), modeOf(deep)]).toEqual(['700', '700'])
  mkdirSync(join(dir, 'open'), { mode: 0o755 })
  makePrivateFolder(join(dir, 'open'))
  expect(modeOf(join(dir, 'open'))).toBe('700')
})

test('a file in the way is told of', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  expect(() => makePrivateFolder(file)).toThrow(/is not a folder/)
  expect(() => makePrivateFolder(join(file, 'x'))).toThrow('ENOTDIR')
})

test.runIf(process.platform === 'linux')('comes back where no folder can be made', () => {
  expect(() => makePrivateFolder('/proc/nope/x')).toThrow("mkdir '/proc/nope'")
})
