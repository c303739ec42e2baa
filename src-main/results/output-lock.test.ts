import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lockOutput, runningIn } from './output-lock.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-output-lock-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

test('the second boss is told who has the folder, and gets it once it is free', async () => {
  const base = join(work, 'out')
  const first = await lockOutput(base, 'run-1', 'ann@desk')
  if (!first.ok) throw new Error(first.problem.what)
  const second = await lockOutput(base, 'run-2', 'ann@desk')
  if (second.ok) throw new Error('both have it')
  expect(second.problem.what).toContain(`@${hostname()} (process ${process.pid}) since 20`)
  expect(second.problem.hint).not.toBe('')
  await first.value.release()
  const third = await lockOutput(base, 'run-3', 'ann@desk')
  expect(third.ok).toBe(true)
  if (third.ok) await third.value.release()
})

test('which run is at work in a folder is asked from its lock', async () => {
  const base = join(work, 'asked')
  expect(await runningIn(base)).toBe('')
  const locked = await lockOutput(base, 'run-1', 'ann@desk')
  if (!locked.ok) throw new Error(locked.problem.what)
  expect(await runningIn(base)).toBe('run-1')
  await locked.value.release()
  expect(await runningIn(base)).toBe('')
})
