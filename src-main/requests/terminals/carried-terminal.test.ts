import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { processId } from '../../../src-system/process-id.ts'
import { connectCommand } from '../../machines/command/command-transport.ts'
import { carriedTerminal } from './carried-terminal.ts'
import { createTerminals, type Terminals } from './terminals.ts'

let terminals: Terminals | null = null
afterEach(() => terminals?.closeAll())

test('a machine by command has a terminal with a size, whose shell ends with it', async () => {
  const machine = await connectCommand({ machine: 'box', command: 'env SHELL=/bin/sh' })
  const said = { text: '', exits: [] as number[] }
  const made = createTerminals({
    data: (_id, text) => {
      said.text += text
    },
    exit: (_id, code) => said.exits.push(code),
  })
  terminals = made
  const shell = await carriedTerminal(machine, 'cd /tmp; echo first')
  if (!shell.ok) throw new Error(shell.problem.what)
  const id = made.adopt('box', shell.value)
  made.resize(id, 100, 30)
  made.resize(id, 132, 43)
  made.write(id, 'while [ "$(stty size)" != "43 132" ]; do :; done; pwd; echo pid=$$.\r')
  await expect.poll(() => said.text, { timeout: 30_000 }).toMatch(/first[\s\S]*\/tmp\r\npid=\d+\./)
  const pid = Number(/pid=(\d+)\./.exec(said.text)?.[1])
  await made.close(id)
  await expect.poll(() => isAlive(pid)).toBe(false)
  expect(said.exits).toHaveLength(1)
  await machine.close()
})

test('without a program that makes terminals it says what to install', async () => {
  const programs = await mkdtemp(join(tmpdir(), 'slipway-few-programs-'))
  for (const name of ['sh', 'cat', 'dd']) await symlink(`/bin/${name}`, join(programs, name))
  const machine = await connectCommand({ machine: 'box', command: `env PATH=${programs}` })
  expect(await carriedTerminal(machine, '')).toMatchObject({
    ok: false,
    problem: { what: 'box has no "script", which makes a terminal there' },
  })
  await machine.close()
  await rm(programs, { recursive: true })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(processId(pid), 0)
  } catch {
    return false
  }
}
