import type { SshHost } from './ssh-config.ts'
import { TransportError } from './transport.ts'

/** ssh2's errors say at which level they arose. */
export type ClientError = Error & { readonly level?: string; readonly code?: string | number }

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
  greeted: boolean,
  tried: readonly string[],
  notes: readonly string[],
): TransportError {
  const { machine, user, hostName } = host
  if (error.level === 'client-authentication') {
    const used =
      tried.length > 0 ? `it did not take: ${tried.join(', ')}` : 'there was nothing to try'
    const hint = [...notes, ...host.notes, `Try: ssh ${host.alias}`].join('. ')
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
    const hint = 'Set "transport = openssh" for this machine, so that the system\'s ssh is used.'
    return new TransportError(machine, 'config', `${machine}: ${error.message}`, hint, error)
  }
  if (error instanceof TransportError) return error
  const message = `${machine}: ${hostName} ended the connection before the login: ${error.message}`
  const hint = 'It may be overloaded (MaxStartups), block this computer, or not be an SSH server.'
  return greeted
    ? new TransportError(machine, 'unreachable', message, hint, error)
    : new DroppedEarly(machine, 'unreachable', message, hint, error)
}
