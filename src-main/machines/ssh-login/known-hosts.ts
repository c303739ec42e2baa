import { createHash, createHmac, randomBytes } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LONGEST_VALUE_LINE, linesOf } from '../../../src-core/basics/lines.ts'
import { matchesPatterns } from '../ssh-config/ssh-config-lines.ts'

/** One line of a known_hosts file: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
export type KnownHost = {
  readonly marker: '' | 'revoked' | 'cert-authority'
  /** Comma-separated patterns, or one hashed name. */
  readonly names: string
  /** e.g. `ssh-ed25519`. */
  readonly type: string
  /** Base64 of the key as it travels. */
  readonly key: string
  readonly file: string
  readonly line: number
}

/** What a server is looked up by. */
export type HostName = {
  readonly hostName: string
  readonly port: number
  /** HostKeyAlias: stands for name and port; empty for none. */
  readonly hostKeyAlias: string
}

export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  /** Keys are known for this name, and this is none of them; the first of them. */
  | { readonly kind: 'changed'; readonly known: KnownHost }
  | { readonly kind: 'revoked'; readonly known: KnownHost }

export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return [...linesOf(text, LONGEST_VALUE_LINE)].flatMap((raw, index) => {
    const words = raw.trim().split(/\s+/)
    if (words[0] === '' || words[0]?.startsWith('#')) return []
    const marker = markerOf(words[0])
    if (marker === null) return []
    const [names, type, key] = marker === '' ? words : words.slice(1)
    if (names === undefined || type === undefined || key === undefined) return []
    return [{ marker, names, type, key, file, line: index + 1 }]
  })
}

/** Null for a marker of a later OpenSSH: such a line says something that we do not know. */
function markerOf(word = ''): KnownHost['marker'] | null {
  if (!word.startsWith('@')) return ''
  const name = word.slice(1)
  return name === 'revoked' || name === 'cert-authority' ? name : null
}

/** Missing files know nobody. */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const texts = files.map(async (file) =>
    parseKnownHosts(await readFile(file, 'utf8').catch(() => ''), file),
  )
  return (await Promise.all(texts)).flat()
}

/** The name a host has in the file: `[host]:port` unless the port is 22. */
export function knownName({ hostName, port, hostKeyAlias }: HostName): string {
  if (hostKeyAlias !== '') return hostKeyAlias.toLowerCase()
  return (port === 22 ? hostName : `[${hostName}]:${port}`).toLowerCase()
}

/**
 * Whether `key` (as it travels) is this host's. As in OpenSSH, a key known for the name without
 * port counts; unlike there, a key of another type than the known ones is `changed`, too, since
 * we offer the known types first and a true server would have answered with one of them.
 */
export function judgeHostKey(
  known: readonly KnownHost[],
  host: HostName,
  key: Buffer,
): HostKeyVerdict {
  const base64 = key.toString('base64')
  const named = known.filter((entry) => covers(entry, knownName(host)))
  const withoutPort = known.filter((entry) => covers(entry, host.hostName.toLowerCase()))
  const revoked = [...named, ...withoutPort].find(
    (entry) => entry.marker === 'revoked' && entry.key === base64,
  )
  if (revoked) return { kind: 'revoked', known: revoked }
  const trusted = named.filter((entry) => entry.marker === '')
  if (trusted.some((entry) => entry.key === base64)) return { kind: 'known' }
  const [changed] = trusted
  if (changed) return { kind: 'changed', known: changed }
  const byName = host.hostKeyAlias === '' ? withoutPort : []
  const found = byName.some((entry) => entry.marker === '' && entry.key === base64)
  return { kind: found ? 'known' : 'unknown' }
}

/** Key types known for this host, in the order of the file: what to ask the server for first. */
export function knownKeyTypes(known: readonly KnownHost[], host: HostName): string[] {
  const name = knownName(host)
  const entries = known.filter((entry) => entry.marker === '' && covers(entry, name))
  return [...new Set(entries.map((entry) => entry.type))]
}

/** The first certificate authority that is trusted for this host. */
export function certifiedBy(known: readonly KnownHost[], host: HostName): KnownHost | undefined {
  const names = [knownName(host), host.hostName.toLowerCase()]
  return known.find(
    (entry) => entry.marker === 'cert-authority' && names.some((name) => covers(entry, name)),
  )
}

/** A line that makes `key` known for this host; `hashed` hides the name. */
export function knownHostLine(host: HostName, key: Buffer, hashed: boolean): string {
  const name = knownName(host)
  return `${hashed ? hashName(name, randomBytes(20)) : name} ${keyType(key)} ${key.toString('base64')}`
}

/** Appends a line, on a line of its own, and makes the folder (for its owner only) if need be. */
export async function rememberHostKey(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const before = await readFile(file, 'utf8').catch(() => '')
  const separator = before === '' || before.endsWith('\n') ? '' : '\n'
  await appendFile(file, `${separator}${line}\n`, { mode: 0o600 })
}

/** As `ssh-keygen -l` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The type that a key, as it travels, names itself; empty if it is none. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return ''
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')
}

/** Length of an RSA key as it travels: type, exponent, modulus; 0 for any other key. */
export function rsaBits(key: Buffer): number {
  if (keyType(key) !== 'ssh-rsa') return 0
  const exponent = 4 + 'ssh-rsa'.length
  const modulus = exponent + 4 + (key.length >= exponent + 4 ? key.readUInt32BE(exponent) : 0)
  const bytes = key.subarray(modulus + 4)
  const first = bytes.findIndex((byte) => byte !== 0)
  return first < 0 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24
}

function covers(entry: KnownHost, name: string): boolean {
  if (!entry.names.startsWith('|')) return matchesPatterns(name, entry.names.split(','))
  const [, version, salt, hash] = entry.names.split('|')
  return version === '1' && salt !== undefined && hash !== undefined
    ? hashName(name, Buffer.from(salt, 'base64')) === entry.names
    : false
}

function hashName(name: string, salt: Buffer): string {
  const hash = createHmac('sha1', salt).update(name).digest('base64')
  return `|1|${salt.toString('base64')}|${hash}`
}
