import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { processId } from '../../src-system/process-id.ts'
import {
  findOwned,
  hasInEnvironment,
  listProcesses,
  parsePs,
  parseStat,
  readProcess,
} from './processes.ts'

test('a name with spaces and parentheses does not confuse', () => {
  const fields = Array.from({ length: 50 }, (_, i) => String(i + 4))
  expect(parseStat(`77 (a) b (c) S 1 ${fields.slice(1).join(' ')}`)).toEqual({
    pid: 77,
    parent: 1,
    session: 6,
    name: 'a) b (c',
    startTime: '22',
    cpuTicks: 14 + 15 + 16 + 17,
  })
  expect(parseStat('77 (gone) Z 1 2 3')).toBeNull()
  expect(parseStat('nonsense')).toBeNull()
})

test('what ps prints on a Mac', () => {
  const text = `    1     0     1 Ss     1:02.50 /sbin/launchd
  612   600   600 R+     0:00.10 /usr/bin/make
  700   612   600 Z      0:00.00 (sh)
`
  expect(parsePs(text)).toEqual([
    { pid: 1, parent: 0, session: 1, name: 'launchd', startTime: '', cpuTicks: 6250 },
    { pid: 612, parent: 600, session: 600, name: 'make', startTime: '', cpuTicks: 10 },
  ])
})

test('this process is listed, with its parent', () => {
  expect(readProcess(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid })
  expect(listProcesses().map((p) => p.pid)).toContain(process.pid)
})

test('a child is found by its cookie in another session, and so is what it starts without one', async () => {
  const cookie = `SLIPWAY_TEST=${process.pid}`
  const script = 'env -i setsid sleep 60 & echo $!; wait'
  const child = spawn('setsid', ['sh', '-c', script], {
    env: { ...process.env, SLIPWAY_TEST: String(process.pid) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const grandchild = Number(line)
  onTestFinished(() => {
    process.kill(processId(grandchild), 'SIGKILL')
  })
  const owned = findOwned(listProcesses(), new Set(), [cookie]).map((p) => p.pid)
  expect(owned).toContain(child.pid)
  expect(owned).toContain(grandchild)
  expect(owned).not.toContain(process.pid)
  expect(hasInEnvironment(child.pid ?? 0, [cookie, 'NO=1'])).toBe(false)
})
