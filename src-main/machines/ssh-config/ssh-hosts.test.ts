import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { includePath } from './ssh-config-lines.ts'
import { sshConfigHosts } from './ssh-hosts.ts'

test('offers the hosts that ssh knows by name', async () => {
  const home = await mkdtemp(join(tmpdir(), 'slipway-hosts-'))
  await mkdir(join(home, '.ssh', 'conf.d'), { recursive: true })
  const config = join(home, '.ssh', 'config')
  await writeFile(
    config,
    '# Host no\nHost moa "kea"\n  HostName moa.lan\nhost=*.lan !tui\nInclude conf.d/* ~/.ssh/config\nHost moa last\n',
  )
  await writeFile(join(home, '.ssh', 'conf.d', 'b'), 'Host\ttui # the fast one\r\nMatch host x\n')
  expect(await sshConfigHosts(config, home)).toEqual(['moa', 'kea', 'tui', 'last'])
  expect(await sshConfigHosts(join(home, 'none'), home)).toEqual([])
  await rm(home, { recursive: true })
})

test.each([
  ['conf.d/*', '/home/ada/.ssh/config', '/home/ada/.ssh/conf.d/*'],
  ['ssh_config.d/*', '/etc/ssh/ssh_config', '/etc/ssh/ssh_config.d/*'],
  ['~/hosts', '/etc/ssh/ssh_config', '/home/ada/hosts'],
  ['/srv/hosts', '/home/ada/.ssh/config', '/srv/hosts'],
])('Include %s in %s means %s', (pattern, from, path) => {
  expect(includePath(pattern, from, '/home/ada')).toBe(path)
})
