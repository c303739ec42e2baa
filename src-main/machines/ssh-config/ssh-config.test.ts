import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seconds } from '../ssh/ssh-host.ts'
import { resolveSshHost, splitHop, splitTarget } from './ssh-config.ts'
import { matchesPatterns } from './ssh-config-lines.ts'

let dir: string
let configFile: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-ssh-config-'))
  configFile = join(dir, 'config')
  await mkdir(join(dir, 'more.d'))
  await writeFile(join(dir, 'more.d/10-a'), 'Host far\n  Port 2201\n')
  await writeFile(join(dir, 'more.d/20-b'), 'Host far\n  Port 2202\n  ServerAliveInterval 2m\n')
  await writeFile(
    configFile,
    `
# what people write
Include ${dir}/more.d/*
Host near n?ar *.lab !forbidden.lab
	HostName = 10.0.0.7
  User builder
  IdentityFile ~/.ssh/id_lab
  IdentityFile "${dir}/my key"
  IdentitiesOnly yes
Host far
  ProxyJump jump@gate:2222,near
  UserKnownHostsFile ${dir}/known_%h ~/.ssh/more
  StrictHostKeyChecking accept-new
  ConnectTimeout 7
Host piped
  ProxyCommand nc -X "a b" %h %p
  CertificateFile ~/.ssh/id-cert.pub
Match host 10.0.0.7 user builder
  Port 2022
Match originalhost odd,strange !user nobody
  HostName %h.example.org
  IdentityAgent none
Host *
  User everyone
  ServerAliveInterval 30
`,
  )
})
afterAll(() => rm(dir, { recursive: true }))

const resolve = (host: string) => resolveSshHost({ machine: 'm', host }, { configFile })

test('host, wildcards, repeated identity files, Match', async () => {
  const near = await resolve('near')
  expect(near).toMatchObject({ hostName: '10.0.0.7', user: 'builder', port: 2022, alias: 'near' })
  expect(near.identityFiles).toEqual([join(homedir(), '.ssh/id_lab'), join(dir, 'my key')])
  expect(near).toMatchObject({ identitiesOnly: true, keepaliveMs: 30_000, strictHostKeys: 'ask' })
  expect((await resolve('x.lab')).hostName).toBe('10.0.0.7')
  expect((await resolve('forbidden.lab')).hostName).toBe('forbidden.lab')
  expect(await resolve('other@near')).toMatchObject({ user: 'other', port: 22 })
})

test('Include, jumps, files and times', async () => {
  const far = await resolve('far')
  expect(far).toMatchObject({ port: 2201, keepaliveMs: 120_000, connectTimeoutMs: 7000 })
  expect(far.proxyJump).toEqual(['jump@gate:2222', 'near'])
  expect(far.knownHostsFiles).toEqual([join(dir, 'known_far'), join(homedir(), '.ssh/more')])
  expect(far).toMatchObject({ strictHostKeys: 'accept-new', user: 'everyone' })
  expect(far.gaps).toEqual({ ssh2: [], openssh: [] })
})

test('proxy commands, tokens, and what is not done is said', async () => {
  const piped = await resolve('piped')
  expect(piped.proxyCommand).toBe('nc -X "a b" piped 22')
  expect(piped.gaps.ssh2).toEqual([
    'ssh_config asks for user certificates, which needs "transport = openssh"',
  ])
  expect(await resolve('strange')).toMatchObject({ hostName: 'strange.example.org', agent: '' })
  expect((await resolve('nobody@odd')).hostName).toBe('odd')
})

const resolveHost = async (...lines: string[]) => {
  const file = join(dir, 'one-host')
  await writeFile(file, `Host *\n${lines.join('\n')}\n`)
  return resolveSshHost({ machine: 'm', host: 'h' }, { configFile: file })
}

test('algorithms, as far as ssh2 has them', async () => {
  const usual = (await resolveHost()).algorithms
  expect(usual).toMatchObject({ compress: false, problem: '' })
  expect(usual.kex[0]).toBe('curve25519-sha256')
  expect(usual.kex).not.toContain('diffie-hellman-group14-sha1')
  expect(usual.cipher[0]).toBe('aes128-gcm@openssh.com')
  expect(usual.cipher.join()).not.toContain('cbc')
  expect(usual.serverHostKey).not.toContain('ssh-rsa')
  const chosen = await resolveHost(
    'Ciphers chacha20-poly1305@openssh.com,aes256-ctr,aes128-cbc',
    'MACs umac-64@openssh.com,hmac-sha2-512',
    'KexAlgorithms +diffie-hellman-group14-sha1',
    'HostKeyAlgorithms ^rsa-sha2-256,ssh-rsa',
    'Compression yes',
  )
  expect(chosen.algorithms).toMatchObject({ compress: true, problem: '' })
  expect(chosen.algorithms.cipher.slice(-2)).toEqual(['aes256-ctr', 'aes128-cbc'])
  expect(chosen.algorithms.hmac).toEqual(['hmac-sha2-512'])
  expect(chosen.algorithms.kex).toEqual(expect.arrayContaining([...usual.kex]))
  expect(chosen.algorithms.kex.at(-1)).toBe('diffie-hellman-group14-sha1')
  expect(chosen.algorithms.serverHostKey.slice(0, 3)).toEqual([
    'rsa-sha2-256',
    'ssh-rsa',
    'ssh-ed25519',
  ])
  const less = (await resolveHost('Ciphers -aes*-gcm*,*cha*', 'KexAlgorithms -curve*')).algorithms
  expect(less.cipher).toEqual(['aes128-ctr', 'aes192-ctr', 'aes256-ctr'])
  expect(less.kex[0]).toBe('ecdh-sha2-nistp256')
  expect((await resolveHost('MACs umac-128@openssh.com')).algorithms.problem).toBe(
    'of the MACs that ssh_config allows, ssh2 can do none: umac-128@openssh.com',
  )
})

test('ways to log in', async () => {
  const usual = await resolveHost()
  expect(usual.methods).toEqual(['publickey', 'keyboard-interactive', 'password'])
  expect(usual).toMatchObject({ passwordPrompts: 3, batchMode: false })
  const order = 'PreferredAuthentications gssapi-with-mic,password,publickey'
  expect((await resolveHost(order)).methods).toEqual(['password', 'publickey'])
  expect((await resolveHost(order, 'PasswordAuthentication no')).methods).toEqual(['publickey'])
  const older = await resolveHost('ChallengeResponseAuthentication no')
  expect(older.methods).toEqual(['publickey', 'password'])
  const batch = await resolveHost('BatchMode yes', 'NumberOfPasswordPrompts 1')
  expect(batch).toMatchObject({ batchMode: true, passwordPrompts: 1, keepaliveMs: 10_000 })
  expect(batch.methods).toEqual(['publickey'])
  const keys = await resolveHost('PubkeyAcceptedAlgorithms ssh-ed25519,rsa-sha2-512')
  expect(keys.acceptedKeyTypes).toEqual(['ssh-ed25519', 'ssh-rsa'])
})

test('what else is followed', async () => {
  const host = await resolveHost(
    'SetEnv ONE="a b" TWO=2 # not this',
    'SetEnv THREE=3',
    'BindInterface lo',
    'ConnectionAttempts 4',
    'NoHostAuthenticationForLocalhost yes',
    'RequiredRSASize 3072',
  )
  expect(host).toMatchObject({
    env: { ONE: 'a b', TWO: '2' },
    bindInterface: 'lo',
    connectionAttempts: 4,
    trustsLoopback: true,
    requiredRsaBits: 3072,
    toUndo: [],
  })
  expect(host.gaps).toEqual({ ssh2: [], openssh: [] })
})

test("what nobody does is said whatever the transport, the rest where ssh2 can't", async () => {
  const host = await resolveHost(
    'RemoteCommand tmux attach',
    'SessionType none',
    'StdinNull yes',
    'LocalForward 8080 localhost:80',
    'PermitLocalCommand yes',
    'LocalCommand knock %h',
    'RekeyLimit 1G 1h',
    'VerifyHostKeyDNS yes',
    'RevokedHostKeys /etc/ssh/revoked',
  )
  const never = ['RemoteCommand', 'LocalForward', 'LocalCommand'].map(
    (what) => `ssh_config asks for ${what}, which Slipway leaves out`,
  )
  expect(host.gaps.openssh).toEqual(never)
  expect(host.gaps.ssh2).toEqual([
    ...['RevokedHostKeys', 'host keys from DNS (VerifyHostKeyDNS)', 'RekeyLimit'].map(
      (what) => `ssh_config asks for ${what}, which needs "transport = openssh"`,
    ),
    ...never,
  ])
  expect(host.toUndo).toEqual(['RemoteCommand=none', 'SessionType=default', 'StdinNull=no'])
  const cleared = await resolveHost('LocalForward 1 a:1', 'ClearAllForwardings yes')
  expect(cleared.gaps.openssh).toEqual([])
  // Nothing of it runs without the other keyword.
  expect((await resolveHost('LocalCommand knock %h')).gaps.openssh).toEqual([])
})

test('a configuration that ssh refuses is named with what to look at', async () => {
  const broken = join(dir, 'broken')
  await writeFile(broken, 'Port many\n')
  const pending = resolveSshHost({ machine: 'm', host: 'x' }, { configFile: broken })
  await expect(pending).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringContaining('line 1'),
    hint: `Look at ${broken}, or run: ssh -G x`,
  })
  await expect(resolveSshHost({ machine: 'm', host: 'x@' })).rejects.toThrow('no host name')
})

test('without an ssh program it says what is needed', async () => {
  const pending = resolveSshHost({ machine: 'm', host: 'x' }, { sshProgram: '/nonexistent/ssh' })
  await expect(pending).rejects.toMatchObject({
    kind: 'config',
    message: 'm: there is no ssh program here, and only ssh can read its configuration',
    hint: 'Install OpenSSH (the package openssh-client).',
  })
})

test('an option-like host name never reaches ssh as an option', async () => {
  const odd = await resolveSshHost(
    { machine: 'm', host: '-oProxyCommand=true' },
    { configFile },
  ).catch((error) => error)
  expect(odd.proxyCommand ?? '').toBe('')
})

test('patterns match as ssh matches them', () => {
  const letter = fc.constantFrom('a', 'b', '*', '?', '.')
  const text = fc
    .array(fc.constantFrom('a', 'b', '.'), { minLength: 1, maxLength: 5 })
    .map((all) => `x${all.join('')}`)
  const pattern = fc.array(letter, { maxLength: 5 }).map((all) => `x${all.join('')}`)
  fc.assert(
    fc.property(
      text,
      fc.array(fc.tuple(fc.boolean(), pattern), { minLength: 1, maxLength: 3 }),
      (host, list) => {
        const patterns = list.map(([negated, one]) => (negated ? `!${one}` : one))
        const regex = (one: string) =>
          new RegExp(`^${one.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`)
        const hit = (negated: boolean) =>
          list.some(([no, one]) => no === negated && regex(one).test(host))
        expect(matchesPatterns(host, patterns)).toBe(hit(false) && !hit(true))
      },
    ),
  )
  expect(matchesPatterns('a'.repeat(50_000), [`${'*a'.repeat(50)}b`])).toBe(false)
})

test('times and users', () => {
  expect(['90', '2m', '1h30m', 'none', ''].map(seconds)).toEqual([90, 120, 5400, 0, 0])
  expect(splitTarget('a@b@host')).toEqual({ user: 'a@b', host: 'host', port: 0 })
  expect(splitTarget('host:22').host).toBe('host:22')
  const six = { user: 'me', host: 'fe80::1', port: 2022 }
  expect(splitTarget('ssh://me@[fe80::1]:2022')).toEqual(six)
  expect(splitHop('me@[fe80::1]:2022')).toEqual(six)
  expect(splitHop('gate:2222')).toEqual({ user: '', host: 'gate', port: 2222 })
})
