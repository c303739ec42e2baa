import type { SshKeywords } from './ssh-config-lines.ts'

/** What `ssh_config` asks for and is not done, in words: by ssh2, and by the system's ssh as we use it. */
export type SshGaps = { readonly ssh2: readonly string[]; readonly openssh: readonly string[] }

type Gap = {
  readonly keyword: string
  /** Values that ask for nothing. */
  readonly off: RegExp
  readonly what: string
}

/** What changes how ssh reaches a machine, or what it is told, and ssh2 can't do. */
const beyondSsh2: readonly Gap[] = [
  { keyword: 'certificatefile', off: /^(none)?$/, what: 'user certificates' },
  { keyword: 'pkcs11provider', off: /^(none)?$/, what: 'PKCS#11 keys without an agent' },
  {
    keyword: 'securitykeyprovider',
    off: /^(none|internal)?$/,
    what: 'a library for security keys (SecurityKeyProvider)',
  },
  { keyword: 'hostbasedauthentication', off: /^(no|false)?$/, what: 'host-based authentication' },
  { keyword: 'knownhostscommand', off: /^(none)?$/, what: 'KnownHostsCommand' },
  { keyword: 'revokedhostkeys', off: /^(none)?$/, what: 'RevokedHostKeys' },
  {
    keyword: 'verifyhostkeydns',
    off: /^(no|false)?$/,
    what: 'host keys from DNS (VerifyHostKeyDNS)',
  },
  { keyword: 'checkhostip', off: /^(no|false)?$/, what: 'known_hosts by address (CheckHostIP)' },
  { keyword: 'proxyusefdpass', off: /^(no|false)?$/, what: 'ProxyUseFdpass' },
  { keyword: 'kbdinteractivedevices', off: /^(none)?$/, what: 'KbdInteractiveDevices' },
  { keyword: 'rekeylimit', off: /^((default|0)( (none|0))?)?$/, what: 'RekeyLimit' },
  { keyword: 'forwardagent', off: /^(no|false)?$/, what: 'agent forwarding' },
]

/** What has no place where commands are run by a program, whichever ssh does it. */
const beyondUs: readonly Gap[] = [
  { keyword: 'remotecommand', off: /^(none)?$/, what: 'RemoteCommand' },
  { keyword: 'localforward', off: /^$/, what: 'LocalForward' },
  { keyword: 'remoteforward', off: /^$/, what: 'RemoteForward' },
  { keyword: 'dynamicforward', off: /^$/, what: 'DynamicForward' },
  { keyword: 'tunnel', off: /^(no|false)?$/, what: 'Tunnel' },
]

/** `defaults`: what nobody set, so that a default of some version of ssh is not pointed out. */
export function gapsIn(keywords: SshKeywords, defaults: SshKeywords): SshGaps {
  const value = (keyword: string) => keywords.get(keyword)?.[0] ?? ''
  const asksFor = ({ keyword, off }: Gap) =>
    !off.test(value(keyword).toLowerCase()) && value(keyword) !== defaults.get(keyword)?.[0]
  const withoutForwarding = /^yes$/i.test(value('clearallforwardings'))
  const never = [
    ...beyondUs.filter(({ keyword }) => !(withoutForwarding && keyword.endsWith('forward'))),
    // It runs only where another keyword lets it.
    ...(/^yes$/i.test(value('permitlocalcommand'))
      ? [{ keyword: 'localcommand', off: /^(none)?$/, what: 'LocalCommand' }]
      : []),
  ]
    .filter(asksFor)
    .map(({ what }) => `ssh_config asks for ${what}, which Slipway leaves out`)
  const needed = beyondSsh2
    .filter(asksFor)
    .map(({ what }) => `ssh_config asks for ${what}, which needs "transport = openssh"`)
  return { ssh2: [...needed, ...never], openssh: never }
}
