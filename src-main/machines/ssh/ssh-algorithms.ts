import { getCiphers } from 'node:crypto'
import type { CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2'
import type { SshKeywords } from '../ssh-config/ssh-config-lines.ts'

/** What may be agreed on with a server, best first. A list may be empty: see `problem`. */
export type SshAlgorithms = {
  readonly kex: readonly KexAlgorithm[]
  readonly cipher: readonly CipherAlgorithm[]
  readonly hmac: readonly MacAlgorithm[]
  readonly serverHostKey: readonly ServerHostKeyAlgorithm[]
  readonly compress: boolean
  /** Why no connection can come of these; empty if one can. */
  readonly problem: string
}

/** What ssh2 does by itself, best first, and what only where `ssh_config` names it. */
type Choice<T extends string> = { readonly usual: readonly T[]; readonly onRequest: readonly T[] }

/** With Electron's BoringSSL all others are synchronous, up to 52 s of frozen process: pitfalls.md. */
const quickKex: readonly KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
]
const kex: Choice<KexAlgorithm> = process.versions.electron
  ? { usual: quickKex, onRequest: [] }
  : {
      usual: [
        ...quickKex,
        'diffie-hellman-group-exchange-sha256',
        'diffie-hellman-group16-sha512',
        'diffie-hellman-group14-sha256',
      ],
      onRequest: [
        'diffie-hellman-group18-sha512',
        'diffie-hellman-group-exchange-sha1',
        'diffie-hellman-group14-sha1',
        'diffie-hellman-group1-sha1',
      ],
    }

/** By the name that the crypto library has for each: builds of it differ. */
const ciphersByLibraryName: Readonly<Record<string, CipherAlgorithm>> = {
  'aes-128-gcm': 'aes128-gcm@openssh.com',
  'aes-256-gcm': 'aes256-gcm@openssh.com',
  'aes-128-ctr': 'aes128-ctr',
  'aes-192-ctr': 'aes192-ctr',
  'aes-256-ctr': 'aes256-ctr',
  chacha20: 'chacha20-poly1305@openssh.com',
  'aes-256-cbc': 'aes256-cbc',
  'aes-192-cbc': 'aes192-cbc',
  'aes-128-cbc': 'aes128-cbc',
  'des-ede3-cbc': '3des-cbc',
}
const here = new Set(getCiphers())
const ciphers = Object.entries(ciphersByLibraryName).flatMap(([name, cipher]) =>
  here.has(name) ? [cipher] : [],
)
const cipher: Choice<CipherAlgorithm> = {
  usual: ciphers.filter((name) => !name.endsWith('-cbc')),
  onRequest: ciphers.filter((name) => name.endsWith('-cbc')),
}

const hmac: Choice<MacAlgorithm> = {
  usual: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha1-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
    'hmac-sha1',
  ],
  onRequest: ['hmac-sha1-96', 'hmac-md5', 'hmac-md5-96'],
}

const serverHostKey: Choice<ServerHostKeyAlgorithm> = {
  usual: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  onRequest: ['ssh-rsa'],
}

/**
 * What `keywords` allow of what ssh2 can do. `defaults` are the keywords that nobody set, as far as
 * they are known: with those we follow an order of our own, since ssh2 is quick at other ciphers.
 */
export function algorithmsFor(keywords: SshKeywords, defaults: SshKeywords): SshAlgorithms {
  const asked = (keyword: string) => keywords.get(keyword)?.[0] ?? ''
  const list = <T extends string>(keyword: string, choice: Choice<T>) =>
    chosen(asked(keyword), defaults.get(keyword)?.[0] ?? '', choice)
  const lists = {
    kex: list('kexalgorithms', kex),
    cipher: list('ciphers', cipher),
    hmac: list('macs', hmac),
    serverHostKey: list('hostkeyalgorithms', serverHostKey),
  }
  const names = {
    kex: 'KexAlgorithms',
    cipher: 'Ciphers',
    hmac: 'MACs',
    serverHostKey: 'HostKeyAlgorithms',
  } as const
  const empty = (['kex', 'cipher', 'hmac', 'serverHostKey'] as const).find(
    (one) => lists[one].length === 0,
  )
  const problem =
    empty === undefined
      ? ''
      : `of the ${names[empty]} that ssh_config allows, ssh2 can do none: ${asked(names[empty].toLowerCase())}`
  return { ...lists, compress: /^yes$/i.test(asked('compression')), problem }
}

/** Names of a list as `ssh -G` prints it: `+`, `-` and `^` are worked in already. */
function chosen<T extends string>(given: string, byDefault: string, choice: Choice<T>): T[] {
  const all = [...choice.usual, ...choice.onRequest]
  if (given === '') return [...choice.usual]
  const named = given.split(',').flatMap((name) => all.filter((one) => one === name))
  if (given === byDefault) return all.filter((one) => named.includes(one))
  return [...new Set(named)]
}
