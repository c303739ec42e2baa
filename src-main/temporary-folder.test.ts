import { mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeTemporaryFolder, mendTemporaryPlace } from './temporary-folder.ts'

let dir = ''

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-places-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true })
})

test.each([
  ['missing', /TMPDIR=\S+missing \(ENOENT\): \/tmp is used$/],
  ['file', /\(ENOTDIR\): \/tmp is used$/],
  ['..', /\(it is no absolute path\): \/tmp is used$/],
])(
  'TMPDIR=%s is replaced for us and our children, and that is said, now and later',
  async (name, said) => {
    await writeFile(join(dir, 'file'), '')
    vi.stubEnv('TMPDIR', name === '..' ? name : join(dir, name))
    const note = mendTemporaryPlace()
    expect(note).toMatch(said)
    expect(process.env.TMPDIR).toBe('/tmp')
    expect(mendTemporaryPlace()).toBe(note)
  },
)

test('a TMPDIR that takes files is left alone', () => {
  vi.stubEnv('TMPDIR', dir)
  expect(mendTemporaryPlace()).toBe('')
  expect(process.env.TMPDIR).toBe(dir)
})

test('a folder is made elsewhere where the usual place is gone, or its name would be too long', async () => {
  vi.stubEnv('TMPDIR', join(dir, 'gone'))
  const elsewhere = await makeTemporaryFolder('slipway-test-')
  expect(elsewhere).toMatch(/^\/tmp\/slipway-test-/)
  await rmdir(elsewhere)
  const long = join(dir, 'x'.repeat(90))
  await mkdir(long)
  vi.stubEnv('TMPDIR', long)
  const usual = await makeTemporaryFolder('slipway-test-')
  expect(usual.startsWith(long)).toBe(true)
  const short = await makeTemporaryFolder('slipway-test-', 60)
  expect(short).toMatch(/^\/tmp\//)
  await rmdir(short)
  await expect(makeTemporaryFolder('slipway-test-', 10)).rejects.toThrow(/too long.*Set TMPDIR$/)
})
