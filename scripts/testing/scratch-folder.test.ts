import { expect, test } from 'vitest'
import { runsPrograms } from './scratch-folder.mjs'

test.each([
  ['tmpfs /dev/shm tmpfs rw,relatime 0 0', true],
  ['shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime 0 0', false],
  ['/dev/vda / ext4 rw 0 0', false],
  ['/dev/vda /dev/shm ext4 rw 0 0', false],
  ['tmpfs /dev/shm tmpfs rw 0 0\nshm /dev/shm tmpfs rw,noexec 0 0', false],
])('%j: programs may be started in memory: %j', (mounts, may) => {
  expect(runsPrograms(`${mounts}\n`, '/dev/shm')).toBe(may)
})
