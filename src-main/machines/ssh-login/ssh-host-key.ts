import type { ServerHostKeyAlgorithm } from 'ssh2'
import { messageOf } from '../../error-text.ts'
import type { SshHost } from '../ssh/ssh-host.ts'
import { TransportError } from '../transport/transport.ts'
import type { Asker } from './asker.ts'
import {
  certifiedBy,
  fingerprint,
  type HostKeyVerdict,
  judgeHostKey,
  type KnownHost,
  keyType,
  knownHostLine,
  knownKeyTypes,
  knownName,
  rememberHostKey,
  rsaBits,
} from './known-hosts.ts'

/** The type of key that signs by an algorithm. */
function typeOf(algorithm: ServerHostKeyAlgorithm): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm
}

/** Known types first: a server that has the known key then shows that one. */
export function hostKeyAlgorithms(
  known: readonly KnownHost[],
  host: SshHost,
): ServerHostKeyAlgorithm[] {
  const all = host.algorithms.serverHostKey
  const types = knownKeyTypes(known, host)
  const first = types.flatMap((type) => all.filter((one) => typeOf(one) === type))
  return [...new Set([...first, ...all])]
}

/**
 * Resolves if the key may be trusted, with what a person should know of it (mostly nothing: empty);
 * else rejects with why not.
 */
export async function acceptHostKey(
  host: SshHost,
  known: readonly KnownHost[],
  key: Buffer,
  ask: Asker,
  signal: AbortSignal,
): Promise<string> {
  const { machine } = host
  const print = `${keyType(key)} ${fingerprint(key)}`
  const bits = rsaBits(key)
  if (bits > 0 && bits < host.requiredRsaBits) {
    throw new TransportError(
      machine,
      'config',
      `${machine}: its host key has ${bits} bits, and RequiredRSASize of ssh_config is ${host.requiredRsaBits}: ${print}`,
      'Give the machine a stronger host key.',
    )
  }
  if (host.trustsLoopback && isLoopback(host.hostName)) return ''
  // A known key of a type that was not asked for says nothing about the one that is shown.
  const askedFor = new Set(host.algorithms.serverHostKey.map(typeOf))
  const comparable = known.filter(({ marker, type }) => marker !== '' || askedFor.has(type))
  const verdict = judgeHostKey(comparable, host, key)
  switch (verdict.kind) {
    case 'known':
      return ''
    case 'revoked':
    case 'changed':
      throw refusal(host, verdict, print)
    case 'unknown':
      return acceptNewKey(host, known, key, ask, signal)
  }
}

function refusal(
  host: SshHost,
  { kind, known }: Extract<HostKeyVerdict, { kind: 'revoked' | 'changed' }>,
  print: string,
): TransportError {
  const { machine } = host
  const name = knownName(host)
  const at = `${known.file}:${known.line}`
  const [what, hint] =
    kind === 'revoked'
      ? [
          `its host key is marked as revoked (${at})`,
          'Do not use this machine until its keys are replaced.',
        ]
      : [
          `its host key is not the known one (${known.type}, ${at})`,
          `Somebody may be listening in. If the machine was set up anew, remove the old key with: ssh-keygen -R '${name}' -f ${known.file}`,
        ]
  const message = `${machine}: REFUSED, ${what}. ${name} now shows ${print}`
  return new TransportError(machine, 'host-key-changed', message, hint)
}

async function acceptNewKey(
  host: SshHost,
  known: readonly KnownHost[],
  key: Buffer,
  ask: Asker,
  signal: AbortSignal,
): Promise<string> {
  const { machine } = host
  const name = knownName(host)
  const shown = { keyType: keyType(key), fingerprint: fingerprint(key) }
  const question = { machine, host: name, ...shown, signal }
  const answer = await newKeyAnswer(host, () => ask.hostKey(question))
  if (answer === 'refuse') {
    const authority = certifiedBy(known, host)
    throw new TransportError(
      machine,
      'host-key-unknown',
      `${machine}: the host key of ${name} is not known: ${shown.keyType} ${shown.fingerprint}`,
      authority
        ? `${authority.file}:${authority.line} trusts a certificate authority for it, and certificates need "transport = openssh".`
        : 'Compare it with the machine (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then accept it: run ssh once, or set "StrictHostKeyChecking accept-new" in ssh_config.',
    )
  }
  const [file] = host.knownHostsFiles
  if (answer === 'once' || file === undefined) return ''
  try {
    await rememberHostKey(file, knownHostLine(host, key, host.hashKnownHosts))
    return ''
  } catch (error) {
    // As ssh has it, that is no reason to stay away.
    return `its host key was accepted, but could not be written down: ${messageOf(error)}`
  }
}

function isLoopback(hostName: string): boolean {
  return hostName === 'localhost' || hostName === '::1' || /^127(\.\d+){3}$/.test(hostName)
}

function newKeyAnswer({ strictHostKeys }: SshHost, ask: () => ReturnType<Asker['hostKey']>) {
  switch (strictHostKeys) {
    case 'yes':
      return 'refuse'
    case 'no':
    case 'accept-new':
      return 'always'
    case 'ask':
      return ask()
  }
}
