import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  fingerprint,
  judgeHostKey,
  keyType,
  knownHostLine,
  knownKeyTypes,
  parseKnownHosts,
  readKnownHosts,
  rememberHostKey,
} from './known-hosts.ts'

let dir: string
let ed25519: Buffer
let other: Buffer
let rsa: Buffer
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-known-hosts-'))
  ed25519 = await makeKey('ed25519', 'a')
  other = await makeKey('ed25519', 'b')
  rsa = await makeKey('rsa', 'c')
})
afterAll(() => rm(dir, { recursive: true }))

async function makeKey(type: string, name: string): Promise<Buffer> {
  const file = join(dir, name)
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file])
  return Buffer.from((await readFile(`${file}.pub`, 'utf8')).split(' ')[1] ?? '', 'base64')
}

const host = (hostName: string, port = 22, hostKeyAlias = '') => ({ hostName, port, hostKeyAlias })
const judge = (text: string, name: ReturnType<typeof host>, key: Buffer) =>
  judgeHostKey(parseKnownHosts(text, 'known_hosts'), name, key).kind
const line = (names: string, key: Buffer) => `${names} ${keyType(key)} ${key.toString('base64')}\n`

test('names, patterns, ports and aliases', () => {
  const text = `# mine\n\n${line('build,10.0.0.1', ed25519)}${line('[build]:2222', other)}${line('*.lab,!bad.lab', rsa)}`
  expect(judge(text, host('BUILD'), ed25519)).toBe('known')
  expect(judge(text, host('10.0.0.1'), ed25519)).toBe('known')
  expect(judge(text, host('build', 2222), other)).toBe('known')
  expect(judge(text, host('build', 2022), ed25519)).toBe('known')
  expect(judge(text, host('build', 2022), other)).toBe('unknown')
  expect(judge(text, host('a.lab'), rsa)).toBe('known')
  expect(judge(text, host('bad.lab'), rsa)).toBe('unknown')
  expect(judge(text, host('moved', 99, 'build'), ed25519)).toBe('known')
  expect(judge(text, host('build', 99, 'alias'), ed25519)).toBe('unknown')
})

test('another key for a known name is changed, whatever its type', () => {
  const text = line('build', ed25519)
  expect(judge(text, host('build'), other)).toBe('changed')
  expect(judge(text, host('build'), rsa)).toBe('changed')
  expect(judge(`${text}${line('build', rsa)}`, host('build'), rsa)).toBe('known')
})

test('a revoked key is refused even where it is known; CAs vouch for nothing here', () => {
  const text = `${line('build', ed25519)}@revoked ${line('*', ed25519)}@cert-authority ${line('*', rsa)}@later ${line('x', rsa)}`
  expect(judge(text, host('build'), ed25519)).toBe('revoked')
  expect(judge(text, host('new', 2222), ed25519)).toBe('revoked')
  expect(judge(text, host('new'), rsa)).toBe('unknown')
})

test('hashed names, as ssh-keygen -H writes them', async () => {
  const file = join(dir, 'hashed')
  await writeFile(file, line('build', ed25519) + line('[build]:2222', rsa))
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
  const known = await readKnownHosts([file, join(dir, 'missing')])
  expect(known.map((entry) => entry.names.slice(0, 3))).toEqual(['|1|', '|1|'])
  expect(judgeHostKey(known, host('build'), ed25519).kind).toBe('known')
  expect(judgeHostKey(known, host('build', 2222), rsa).kind).toBe('known')
  expect(knownKeyTypes(known, host('build', 2222))).toEqual(['ssh-rsa'])
})

test('ssh-keygen finds what we wrote, hashed or not', async () => {
  for (const hashed of [true, false]) {
    const file = join(dir, 'new', `written-${hashed}`)
    await rememberHostKey(file, knownHostLine(host('build', 2222), ed25519, hashed))
    await writeFile(file, (await readFile(file, 'utf8')).trimEnd()) // an editor that ends no lines
    await rememberHostKey(file, knownHostLine(host('other'), rsa, hashed))
    for (const name of ['[build]:2222', 'other']) {
      expect(execFileSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' })).toContain(
        'found',
      )
    }
  }
})

test('the fingerprint is the one that ssh-keygen shows', () => {
  const shown = execFileSync('ssh-keygen', ['-l', '-f', join(dir, 'a.pub')], { encoding: 'utf8' })
  expect(shown.split(' ')[1]).toBe(fingerprint(ed25519))
})

test('no text and no key make it throw', () => {
  const word = fc.constantFrom('@revoked', '|1|', '|1|a|b', '*', 'ssh-rsa', 'AAAA', '#', 'h')
  const text = fc.array(fc.oneof(fc.string(), word)).map((words) => words.join(' '))
  fc.assert(
    fc.property(text, fc.uint8Array(), (file, key) => {
      judgeHostKey(parseKnownHosts(file, 'f'), host('h'), Buffer.from(key))
      keyType(Buffer.from(key))
    }),
  )
})
