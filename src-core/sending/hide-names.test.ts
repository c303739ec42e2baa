import { expect, test } from 'vitest'
import { hideNames, type NamesToHide } from './hide-names.ts'

const names: NamesToHide = {
  machines: ['local', 'moa', 'moa2', 'k2'],
  providers: ['cluster'],
  hosts: ['laptop', 'moa.example.org'],
  users: ['ann', 'root'],
  treeDir: '/home/ann/u-boot',
  outputDir: '/scratch/ann/out',
  folders: ['/home/ann', '/var/tmp/slipway-work', '~/.cache/slipway/work/u-boot'],
}
const { text } = hideNames(names)

test.each([
  ['/home/ann/u-boot/common/main.c:3:4: error: x', '/tree/common/main.c:3:4: error: x'],
  ['/scratch/ann/out/current', '/output/current'],
  ['cd /var/tmp/slipway-work/00/tree', 'cd /folder/00/tree'],
  ['in ~/.cache/slipway/work/u-boot', 'in /folder'],
  ['/home/ann/toolchains/gcc-13/bin/arm-gcc -c', '/folder/toolchains/gcc-13/bin/arm-gcc -c'],
  ['gcc -I/opt/company/include x.c', 'gcc -I.../include x.c'],
  ['BL31=/srv/fw/bl31.bin', 'BL31=.../bl31.bin'],
  ['~/secret/key', '.../key'],
  ['/usr/bin/ld: /usr/lib/gcc', '/usr/bin/ld: /usr/lib/gcc'],
  [
    'moa was lost, moa2 was not; moa.example.org: down',
    'machine-1 was lost, machine-2 was not; host: down',
  ],
  ['MOA.local says', 'machine-1 says'],
  ['a laptop and ann, root and local', 'a host and user, root and local'],
  ['ann/rework', 'user/rework'],
  ['ssh://ann:secret@moa:22/repo', 'ssh://host/repo'],
  ['bob.b@other-host.lan at 192.168.1.20', 'user@host at address'],
])('%s', (given, shown) => {
  expect(text(given)).toBe(shown)
})

test.each([
  'board/moa/moa.c:1:2: warning: x',
  'planned, anne, moana, cluster_size',
  '  CC      drivers/mmc/mmc.o',
  'a/b < c/d, 1/2, //comment',
  'drivers/net/k2.c',
])('what only looks like a name stays: %s', (given) => {
  expect(text(given)).toBe(given)
})
