import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { spell, spelledHost } from './spelled-host.ts'

test.each([
  ['BuildBox', ['BuildBox'], 'BuildBox'],
  ['buildbox', ['BuildBox'], 'BuildBox'],
  ['BUILDBOX', ['other', 'buildbox'], 'buildbox'],
  // Both are there: what is written counts.
  ['Moa', ['moa', 'Moa'], 'Moa'],
  ['BuildBox', ['build*'], 'buildbox'],
  ['BuildBox', ['Build*', 'buildbox'], 'BuildBox'],
  // What takes every name knows none.
  ['BuildBox', ['*', '!buildbox'], 'BuildBox'],
  ['BuildBox', [], 'BuildBox'],
])('a machine %s with Host %j is %s', (host, patterns, spelled) => {
  expect(spell(host, patterns)).toBe(spelled)
})

test('the host of a target is spelled as the file has it, user and port stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-spelled-'))
  const file = join(folder, 'config')
  await writeFile(file, 'Host BuildBox Anna\n  HostName 10.0.0.1\n')
  const spelled = (target: string) => spelledHost(target, file)
  expect(await spelled('buildbox')).toBe('BuildBox')
  expect(await spelled('anna@buildbox')).toBe('anna@BuildBox')
  expect(await spelled('anna@anna')).toBe('anna@Anna')
  expect(await spelled('ssh://anna@buildbox:2222')).toBe('ssh://anna@BuildBox:2222')
  expect(await spelled('ssh://anna@buildbox/')).toBe('ssh://anna@BuildBox/')
  expect(await spelled('other')).toBe('other')
  expect(await spelledHost('buildbox', join(folder, 'none'))).toBe('buildbox')
  await rm(folder, { recursive: true })
})
