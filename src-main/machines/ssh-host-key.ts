import type { ServerHostKeyAlgorithm } from 'ssh2'
import type { Asker } from './asker.ts'
import {
  fingerprint,
  judgeHostKey,
  type KnownHost,
  keyType,
  knownHostLine,
  knownKeyTypes,
  knownName,
  rememberHostKey,
} from './known-hosts.ts'
import type { SshHost } from './ssh-config.ts'
import { TransportError } from './transport.ts'

const signaturesOf: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
}

/** Known types first: a server that has the known key then shows that one. */
export function hostKeyAlgorithms(
  known: readonly KnownHost[],
  host: SshHost,
): ServerHostKeyAlgorithm[] {
  const types = knownKeyTypes(known, host).flatMap((type) => signaturesOf[type] ?? [])
  const all = Object.values(signaturesOf).flat()
  return [...new Set([...types, ...all])]
}

/** Resolves if the key may be trusted; else rejects with why not. */
export async function acceptHostKey(
  host: SshHost,
  known: readonly KnownHost[],
  key: Buffer,
  ask: Asker,
  signal: AbortSignal,
): Promise<void> {
  const { machine } = host
  const name = knownName(host)
  const print = `${keyType(key)} ${fingerprint(key)}`
  const verdict = judgeHostKey(known, host, key)
  switch (verdict.kind) {
    case 'known':
      return
    case 'revoked':
    case 'changed': {
      const { file, line, type } = verdict.known
      const at = `${file}:${line}`
      const [what, hint] =
        verdict.kind === 'revoked'
          ? [
              `its host key is marked as revoked (${at})`,
              'Do not use this machine until its keys are replaced.',
            ]
          : [
              `its host key is not the known one (${type}, ${at})`,
              `Somebody may be listening in. If the machine was set up anew, remove the old key with: ssh-keygen -R '${name}' -f ${file}`,
            ]
      throw new TransportError(
        machine,
        'host-key-changed',
        `${machine}: REFUSED, ${what}. ${name} now shows ${print}`,
        hint,
      )
    }
    case 'unknown': {
      const question = {
        machine,
        host: name,
        keyType: keyType(key),
        fingerprint: fingerprint(key),
        signal,
      }
      const answer = await newKeyAnswer(host, () => ask.hostKey(question))
      if (answer === 'refuse') {
        throw new TransportError(
          machine,
          'host-key-unknown',
          `${machine}: the host key of ${name} is not known: ${print}`,
          'Compare it with the machine (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then accept it.',
        )
      }
      const [file] = host.knownHostsFiles
      if (answer === 'always' && file !== undefined) {
        await rememberHostKey(file, knownHostLine(host, key, host.hashKnownHosts))
      }
    }
  }
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
