import { readFile } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'
import type { SshHost } from './ssh-config.ts'

const { createAgent, utils } = ssh2

export type SigningHash = 'sha1' | 'sha256' | 'sha512'

/** A key to log in with. */
export type Identity = {
  /** For messages: its file, or the agent's comment. */
  readonly name: string
  /** As it travels. */
  readonly publicKey: Buffer
  /** Rejects when the agent or the person says no. `hash` is for RSA keys. */
  sign(data: Buffer, hash: SigningHash | undefined): Promise<Buffer>
}

/** Asks for the passphrase of a key file; null gives up on it. `attempt` counts from 1. */
export type AskPassphrase = (keyFile: string, attempt: number) => Promise<string | null>

export type Pausing = <T>(wait: () => Promise<T>) => Promise<T>

/** Private keys stay unlocked for as long as it lives, in memory only. */
export type Keyring = {
  /**
   * One question serves every host that wants the key; `pausing` wraps the wait of each for it, and
   * may stop a clock meanwhile.
   */
  identities(host: SshHost, ask: AskPassphrase, pausing: Pausing): Promise<Keys>
}

export type Keys = {
  /** In the order in which `ssh` offers them. */
  readonly identities: readonly Identity[]
  /** What could not be had, in words. */
  readonly notes: readonly string[]
}

export function createKeyring(): Keyring {
  // By file: one question and one slow bcrypt, however many machines want the key at once.
  const unlocked = new Map<string, Promise<ParsedKey>>()

  const unlock = (file: string, ask: AskPassphrase): Promise<ParsedKey> => {
    const pending = unlocked.get(file) ?? readPrivateKey(file, ask)
    unlocked.set(file, pending)
    pending.catch(() => unlocked.delete(file))
    return pending
  }

  return {
    async identities(host, ask, pausing) {
      const notes: string[] = []
      const files: Identity[] = []
      for (const file of host.identityFiles) {
        const identity = await fileIdentity(file, () => pausing(() => unlock(file, ask)), notes)
        if (identity) files.push(identity)
      }
      const agent = await agentIdentities(host.agent, notes)
      const wanted = (held: Identity) => files.some((file) => same(file, held))
      // ssh: keys of the agent that the configuration names, then its others, then files.
      const chosen = agent.filter(wanted)
      const others = host.identitiesOnly ? [] : agent.filter((held) => !wanted(held))
      const rest = files.filter((file) => !chosen.some((held) => same(file, held)))
      return { identities: [...chosen, ...others, ...rest], notes }
    },
  }
}

function same(a: Identity, b: Identity): boolean {
  return a.publicKey.equals(b.publicKey)
}

async function fileIdentity(
  file: string,
  unlock: () => Promise<ParsedKey>,
  notes: string[],
): Promise<Identity | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') notes.push(`${file}: ${error.message}`)
    return ''
  })
  const beside = await readFile(`${file}.pub`, 'utf8').catch(() => '')
  if (text === '' && beside === '') return null
  const publicKey = publicKeyOf(text) ?? publicKeyOf(beside)
  const sign: Identity['sign'] = async (data, hash) => (await unlock()).sign(data, hash)
  if (publicKey) return { name: file, publicKey, sign }
  // An old encrypted PEM file says nothing about its key until it is unlocked.
  const key = await unlock().catch((error: Error) => {
    notes.push(error.message)
    return null
  })
  return key && { name: file, publicKey: key.getPublicSSH(), sign }
}

/** The public key in a private or public key file, without any passphrase. */
export function publicKeyOf(text: string): Buffer | null {
  if (text === '') return null
  const key = firstKey(utils.parseKey(text))
  return key instanceof Error ? publicPartOfEncrypted(text) : key.getPublicSSH()
}

/** OpenSSH's own format keeps the public key in clear: its PROTOCOL.key. */
function publicPartOfEncrypted(text: string): Buffer | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1]
  if (body === undefined) return null
  const bytes = Buffer.from(body, 'base64')
  let at = 'openssh-key-v1\0'.length
  const field = (): Buffer | null => {
    if (at + 4 > bytes.length) return null
    const start = at + 4
    at = start + bytes.readUInt32BE(at)
    return at <= bytes.length ? bytes.subarray(start, at) : null
  }
  const [cipher, kdf, options] = [field(), field(), field()]
  at += 4 // the number of keys, always one
  return cipher && kdf && options ? field() : null
}

async function readPrivateKey(file: string, ask: AskPassphrase): Promise<ParsedKey> {
  const text = await readFile(file)
  const open = firstKey(utils.parseKey(text))
  if (!(open instanceof Error)) return open
  if (!open.message.includes('no passphrase given')) throw unreadable(file, open)
  for (let attempt = 1; attempt <= 3; attempt++) {
    const passphrase = await ask(file, attempt)
    if (passphrase === null) throw new Error(`${file}: no passphrase was given`)
    const key = firstKey(utils.parseKey(text, passphrase))
    if (!(key instanceof Error)) return key
    if (!/passphrase|decrypt|integrity/i.test(key.message)) throw unreadable(file, key)
  }
  throw new Error(`${file}: the passphrase was wrong three times`)
}

function unreadable(file: string, { message }: Error): Error {
  return new Error(
    `${file}: ${message}. Add it to ssh-agent, or convert it with: ssh-keygen -p -f ${file}`,
  )
}

/** Its types do not say so, but some formats give a list. */
function firstKey(parsed: ParsedKey | Error): ParsedKey | Error {
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed
}

async function agentIdentities(socket: string, notes: string[]): Promise<Identity[]> {
  if (socket === '') return []
  const agent = createAgent(socket)
  const keys = await new Promise<readonly BareKey[]>((resolve) => {
    agent.getIdentities((error, found) => {
      if (error) notes.push(`ssh-agent at ${socket}: ${error.message}`)
      // Other agents might wrap them; ssh2's own, which are all there are here, do not.
      resolve((found ?? []) as BareKey[])
    })
  })
  return keys.flatMap((held) => {
    const key = firstKey(utils.parseKey(held))
    if (key instanceof Error) return []
    const sign: Identity['sign'] = (data, hash) =>
      new Promise((resolve, reject) => {
        const done = (error?: Error | null, signature?: Buffer) =>
          signature ? resolve(signature) : reject(error ?? new Error('the agent did not sign'))
        agent.sign(held, data, hash === undefined ? {} : { hash }, done)
      })
    return [{ name: `ssh-agent: ${key.comment || key.type}`, publicKey: key.getPublicSSH(), sign }]
  })
}

type BareKey = ParsedKey | Buffer | string
