import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ok } from '../../../src-core/result.ts'
import { testConfig } from '../../../src-core/test-machine.ts'
import { readBuildmanConfig } from '../read-config.ts'
import { BACKUP_SUFFIX, writeDownloads, writeMachines } from './write-config.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-write-'))
})
afterAll(async () => {
  await rm(dir, { recursive: true })
})

test('keeps mode, link and the file of before; changes at the same time all count', async () => {
  const real = join(dir, 'dotfiles')
  const file = join(dir, '.buildman')
  const original = '# mine\n[toolchain]\nroot = /\n'
  await writeFile(real, original)
  await chmod(real, 0o600)
  await symlink(real, file)
  const names = ['moa', 'kea', 'tui', 'weka']
  const results = await Promise.all(
    names.map((name) => writeMachines(file, [{ kind: 'add', machine: testConfig(name) }])),
  )
  expect(results).toEqual(names.map(() => ok(undefined)))
  expect(await readFile(file, 'utf8')).toBe(
    `${original}\n[machines]\n${names.map((name) => `${name} = ${name}\n`).join('')}`,
  )
  expect((await lstat(file)).isSymbolicLink()).toBe(true)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file + BACKUP_SUFFIX, 'utf8')).toBe(original)
})

test('all edits or none', async () => {
  const file = join(dir, 'whole')
  await writeFile(file, '[machines]\nmoa\n')
  const result = await writeMachines(file, [
    { kind: 'add', machine: testConfig('kea') },
    { kind: 'remove', name: 'weka' },
  ])
  expect(result).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining(`${file}: there is no`) },
  })
  expect(await readFile(file, 'utf8')).toBe('[machines]\nmoa\n')
  expect(await readdir(dir)).not.toContain(`whole${BACKUP_SUFFIX}`)
})

test('fetched toolchains are made known once', async () => {
  const file = join(dir, 'fetched')
  await writeFile(file, '[toolchain]\nroot: /\n# end\n')
  expect(await writeDownloads(file)).toEqual(ok(undefined))
  expect(await writeDownloads(file)).toEqual(ok(undefined))
  expect(await readFile(file, 'utf8')).toBe(
    '[toolchain]\nroot: /\ndownload: ~/.buildman-toolchains/*/*\n# end\n',
  )
})

test('a new file has what buildman would put there, so that it goes on finding compilers', async () => {
  const file = join(dir, 'new')
  expect(await writeMachines(file, [{ kind: 'add', machine: testConfig('moa') }])).toEqual(
    ok(undefined),
  )
  const config = await readBuildmanConfig(file)
  expect(config).toMatchObject({
    ok: true,
    value: { machines: [{ name: 'moa' }], toolchainPaths: [{ path: '/' }], warnings: [] },
  })
  expect(await writeMachines(join(dir, 'no', 'folder'), [])).toMatchObject({ ok: false })
})
