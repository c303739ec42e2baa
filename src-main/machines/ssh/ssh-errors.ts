import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { TransportError } from '../transport/transport.ts'
import type { SshHost } from './ssh-host.ts'

/** ssh2's errors say at which level they arose. */
export type ClientError = Error & { readonly level?: string; readonly code?: string | number }

export const opensshHint =
  'Set "transport = openssh" for this machine, so that the system\'s ssh is used.'

/** What a server got as far as. */
export type Server = {
  /** Its side of the key exchange. */
  readonly spoke: boolean
  /** Text before that, in its own words; mostly empty. */
  readonly said: string
}

/** The server hung up before it said a word. */
export class DroppedEarly extends TransportError {}

export function tooSlow({ machine, hostName, port, connectTimeoutMs }: SshHost): TransportError {
  return new TransportError(
    machine,
    'timeout',
    `${machine}: ${hostName} port ${port} did not answer within ${connectTimeoutMs / 1000} s`,
    'Is the machine on and reachable? ConnectTimeout in ssh_config sets the time.',
  )
}

export function handshakeError(
  host: SshHost,
  error: ClientError,
  server: Server,
  tried: readonly string[],
  notes: readonly string[],
): TransportError {
  const { machine, user, hostName } = host
  if (error.level === 'client-authentication' || wasTurnedAway(error)) {
    const used =
      tried.length > 0 ? `it did not take: ${tried.join(', ')}` : 'there was nothing to try'
    const kerberos = host.gssapi && hasTicket() ? [kerberosHint] : []
    const hint = [...notes, ...kerberos, ...host.gaps.ssh2, `Try: ssh ${host.alias}`].join('. ')
    return new TransportError(
      machine,
      'auth',
      `${machine}: cannot log in to ${hostName} as ${user}; ${used}`,
      hint,
      error,
    )
  }
  // The latter: a login banner above 35 KB, which ssh2 takes for a broken packet.
  if (/no matching|bad packet length/i.test(error.message)) {
    const said = `${machine}: ${error.message}`
    return new TransportError(machine, 'config', said, opensshHint, error)
  }
  if (error instanceof TransportError) return error
  const why = server.said || error.message
  const message = `${machine}: ${hostName} ended the connection before the login: ${why}`
  const hint = 'It may be overloaded (MaxStartups), block this computer, or not be an SSH server.'
  return server.spoke
    ? new TransportError(machine, 'unreachable', message, hint, error)
    : new DroppedEarly(machine, 'unreachable', message, hint, error)
}

/** SSH_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE, and what sshd says beyond its MaxAuthTries. */
function wasTurnedAway({ code, message }: ClientError): boolean {
  return code === 14 || /too many authentication failures/i.test(message)
}

const kerberosHint = 'There is a Kerberos ticket, which "transport = openssh" would use'

function hasTicket(): boolean {
  return Boolean(process.env.KRB5CCNAME) || existsSync(`/tmp/krb5cc_${userInfo().uid}`)
}
