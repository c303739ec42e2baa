import { readFile } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'
import { unlessAborted } from '../../unless-aborted.ts'
import { createSharedWork } from '../shared-work.ts'
import type { SshHost } from '../ssh/ssh-host.ts'
import { exists } from '../toolchains/find-paths.ts'
import { keyType, rsaBits } from './known-hosts.ts'

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
export type AskPassphrase = (
  keyFile: string,
  attempt: number,
  signal: AbortSignal,
) => Promise<string | null>

/** How one host's login waits for what a person has to do. */
export type Waiting = {
  readonly ask: AskPassphrase
  /** Wraps the wait, and may stop a clock meanwhile. */
  readonly pausing: <T>(wait: () => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
}

/** Private keys stay unlocked for as long as it lives, in memory only. */
export type Keyring = {
  /** One question serves every host that wants the key. */
  identities(host: SshHost, waiting: Waiting): Promise<Keys>
}

export type Keys = {
  /** In the order in which `ssh` offers them. */
  readonly identities: readonly Identity[]
  /** What could not be had, in words. */
  readonly notes: readonly string[]
}

/** Milliseconds for an agent to say what it has, and for a person to let it sign. */
const agentListMs = 5_000
const agentSignMs = 120_000

export function createKeyring(): Keyring {
  // By file: one question and one slow bcrypt, however many machines want the key at once.
  const unlocked = new Map<string, ParsedKey>()
  const unlocking = createSharedWork<ParsedKey>()

  async function unlock(file: string, { ask, pausing, signal }: Waiting): Promise<ParsedKey> {
    const open = unlocked.get(file)
    if (open) return open
    const key = await pausing(() =>
      unlocking(file, signal, (until) =>
        readPrivateKey(file, (attempt) => ask(file, attempt, until)),
      ),
    )
    unlocked.set(file, key)
    return key
  }

  return {
    async identities(host, waiting) {
      const notes: string[] = []
      const files: Identity[] = []
      for (const file of host.identityFiles) {
        const identity = await fileIdentity(file, () => unlock(file, waiting), notes)
        if (identity) files.push(identity)
      }
      const agent = await agentIdentities(host.agent, waiting, notes)
      const wanted = (held: Identity) => files.some((file) => same(file, held))
      // ssh: keys of the agent that the configuration names, then its others, then files.
      const chosen = agent.filter(wanted)
      const others = host.identitiesOnly ? [] : agent.filter((held) => !wanted(held))
      const rest = files.filter((file) => !chosen.some((held) => same(file, held)))
      const identities = [...chosen, ...others, ...rest].filter((one) => {
        const problem = whyNot(one, host)
        if (problem !== '') notes.push(`${one.name}: ${problem}`)
        return problem === ''
      })
      return { identities, notes }
    },
  }
}

/** Why the configuration rules a key out; empty if it does not. */
function whyNot({ publicKey }: Identity, { acceptedKeyTypes, requiredRsaBits }: SshHost): string {
  const type = keyType(publicKey)
  if (acceptedKeyTypes && !acceptedKeyTypes.includes(type))
    return `PubkeyAcceptedAlgorithms of ssh_config leaves out ${type}`
  const bits = rsaBits(publicKey)
  return bits > 0 && bits < requiredRsaBits
    ? `a key of ${bits} bits, and RequiredRSASize of ssh_config is ${requiredRsaBits}`
    : ''
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
  if (await exists(`${file}-cert.pub`)) {
    notes.push(`${file} has a certificate, which needs "transport = openssh"`)
  }
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

async function readPrivateKey(
  file: string,
  ask: (attempt: number) => Promise<string | null>,
): Promise<ParsedKey> {
  const text = await readFile(file)
  const open = firstKey(utils.parseKey(text))
  if (!(open instanceof Error)) return open
  if (!open.message.includes('no passphrase given')) throw unreadable(file, open)
  for (let attempt = 1; attempt <= 3; attempt++) {
    const passphrase = await ask(attempt)
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

async function agentIdentities(
  socket: string,
  { pausing, signal }: Waiting,
  notes: string[],
): Promise<Identity[]> {
  if (socket === '') return []
  const agent = createAgent(socket)
  const keys = await inTime(agentListMs, signal, (settle) => agent.getIdentities(settle)).catch(
    (error: Error) => {
      signal.throwIfAborted()
      notes.push(`ssh-agent at ${socket}: ${error.message}`)
      return []
    },
  )
  // Other agents might wrap them; ssh2's own, which are all there are here, do not.
  return (keys as readonly BareKey[]).flatMap((held) => {
    const key = firstKey(utils.parseKey(held))
    if (key instanceof Error) return []
    const sign: Identity['sign'] = (data, hash) =>
      // It may ask the person, too, or wait for a touch.
      pausing(() =>
        inTime(agentSignMs, signal, (settle) =>
          agent.sign(held, data, hash === undefined ? {} : { hash }, settle),
        ),
      )
    return [{ name: `ssh-agent: ${key.comment || key.type}`, publicKey: key.getPublicSSH(), sign }]
  })
}

type BareKey = ParsedKey | Buffer | string

/** An agent that hangs answers nothing, ever. */
async function inTime<T>(
  ms: number,
  signal: AbortSignal,
  ask: (settle: (error?: Error | null, answer?: T) => void) => void,
): Promise<T> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new Error(`no answer within ${ms / 1000} s`)), ms)
  const answer = new Promise<T>((resolve, reject) => {
    ask((error, value) =>
      value === undefined ? reject(error ?? new Error('it gave no answer')) : resolve(value),
    )
  })
  try {
    return await unlessAborted(answer, AbortSignal.any([signal, silence.signal]))
  } finally {
    clearTimeout(timer)
  }
}
