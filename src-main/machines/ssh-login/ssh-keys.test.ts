import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SshHost } from '../ssh/ssh-host.ts'
import { rsaBits } from './known-hosts.ts'
import { createKeyring, publicKeyOf, type Waiting } from './ssh-keys.ts'

function newKey(passphrase: string, ...options: string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-keys-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'key')
  execFileSync('ssh-keygen', ['-q', '-N', passphrase, '-f', file, ...options])
  return file
}

const host = (identityFiles: readonly string[]) =>
  ({
    identityFiles,
    agent: '',
    acceptedKeyTypes: null,
    requiredRsaBits: 1024,
  }) as unknown as SshHost

test('whoever asked for a passphrase first may leave: the question stays for the others', async () => {
  const file = newKey('secret', '-t', 'ed25519')
  const asked: AbortSignal[] = []
  let answer = (_text: string) => {}
  const waitingUntil = (signal: AbortSignal): Waiting => ({
    signal,
    pausing: (wait) => wait(),
    ask: (_file, _attempt, until) => {
      asked.push(until)
      return new Promise((resolve) => {
        answer = resolve
      })
    },
  })
  const keyring = createKeyring()
  const leaving = new AbortController()
  const signals = [leaving.signal, new AbortController().signal]
  const keys = await Promise.all(
    signals.map((signal) => keyring.identities(host([file]), waitingUntil(signal))),
  )
  const [first, second] = keys.map(({ identities }) =>
    identities[0]?.sign(Buffer.from('data'), undefined),
  )
  while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  leaving.abort(new Error('enough'))
  await expect(first).rejects.toThrow('enough')
  expect(asked.map(({ aborted }) => aborted)).toEqual([false])
  answer('secret')
  expect(await second).toBeInstanceOf(Buffer)
  expect(asked).toHaveLength(1)
})

test.each([1024, 2048, 3072])('the length of an RSA key of %s bits', (bits) => {
  const file = newKey('', '-t', 'rsa', '-b', String(bits))
  const key = publicKeyOf(execFileSync('cat', [`${file}.pub`], { encoding: 'utf8' }))
  expect(key && rsaBits(key)).toBe(bits)
  expect(rsaBits(key?.subarray(0, 14) ?? Buffer.alloc(0))).toBe(0)
})
