import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CollectTools } from '../building/collect-tools.ts'
import { createChildren } from '../processes/children.ts'

/** This computer's own tools, in a slot that is gone when the test is over. */
export function testTools(): CollectTools {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-tools-test-'))
  const children = createChildren(randomUUID())
  onTestFinished(() => {
    children.killAllNow(1000)
    rmSync(folder, { recursive: true, force: true })
  })
  const env = { PATH: process.env.PATH ?? '' }
  const shell = children.shellOf({ cwd: folder, env, slot: 0, fds: [] })
  return { children, shell, scratch: join(folder, 'said'), cross: '', env, slot: 0 }
}
