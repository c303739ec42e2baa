import { execFile } from 'node:child_process'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoMachines, startDemoMachines } from './demo-machines.ts'

const run = promisify(execFile)
let dir = ''
let machines: DemoMachines

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-demo-'))
  machines = await startDemoMachines(dir)
})

afterAll(async () => {
  await machines.stop()
  await rm(dir, { recursive: true, force: true })
})

function ssh(name: string, command: string) {
  return run('ssh', ['-F', machines.sshConfigFile, '-o', 'BatchMode=yes', name, command])
}

test("the system's ssh reaches each of them, and each has a home of its own", async () => {
  const homes = await Promise.all(machines.names.map((name) => ssh(name, 'echo $HOME')))
  expect(homes.map((reply) => reply.stdout.trim())).toEqual(
    machines.names.map((name) => join(dir, name)),
  )
})

test('exit codes and stderr come through', async () => {
  const failure = await ssh('demo-rimu', 'echo oops >&2; exit 7').catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 7, stderr: 'oops\n' })
})

test('a stranger without the key is not let in', async () => {
  const other = join(dir, 'other')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other])
  await rename(other, join(dir, 'key'))
  await expect(ssh('demo-kauri', 'true')).rejects.toMatchObject({
    stderr: expect.stringContaining('Permission denied'),
  })
})

test('they start each time, although some of the keys that ssh2 makes are malformed', async () => {
  for (let time = 0; time < 200; time += 1) {
    const more = await startDemoMachines(join(dir, 'more'))
    await more.stop()
  }
})
