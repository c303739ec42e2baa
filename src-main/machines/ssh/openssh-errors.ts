import type { TransportErrorKind } from '../transport/transport.ts'

/** From what `ssh` says before it gives up. Texts of OpenSSH 7 to 10. */
export function sshErrorKind(said: string): TransportErrorKind {
  if (/IDENTIFICATION HAS CHANGED|REVOKED HOST KEY|key for .* has changed/i.test(said)) {
    return 'host-key-changed'
  }
  if (/Host key verification failed|No .* host key is known/i.test(said)) return 'host-key-unknown'
  if (/Permission denied|Too many authentication failures|sign_and_send_pubkey/i.test(said)) {
    return 'auth'
  }
  if (/timed out|Timeout, server/i.test(said)) return 'timeout'
  if (/Bad (configuration|owner)|terminating, .* bad configuration|no matching/i.test(said)) {
    return 'config'
  }
  return 'unreachable'
}
