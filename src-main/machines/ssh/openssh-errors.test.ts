import { expect, test } from 'vitest'
import { sshErrorKind } from './openssh-errors.ts'

test.each([
  [
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.',
    'host-key-changed',
  ],
  [
    'Host key for h1 has changed and you have requested strict checking.; Host key verification failed.',
    'host-key-changed',
  ],
  [
    'No ED25519 host key is known for h1 and you have requested strict checking.\nHost key verification failed.',
    'host-key-unknown',
  ],
  ['root@127.0.0.1: Permission denied (publickey,password).', 'auth'],
  ['ssh: connect to host 10.0.0.1 port 22: Connection timed out', 'timeout'],
  ['ssh: connect to host 127.0.0.1 port 1: Connection refused', 'unreachable'],
  ['ssh: Could not resolve hostname nowhere.invalid: Name or service not known', 'unreachable'],
  ['/root/.ssh/config: line 1: Bad configuration option: nonsense', 'config'],
  ['Unable to negotiate with 10.0.0.1 port 22: no matching key exchange method found.', 'config'],
  ['', 'unreachable'],
])('%s', (said, kind) => {
  expect(sshErrorKind(said)).toBe(kind)
})
