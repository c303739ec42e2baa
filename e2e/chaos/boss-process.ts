/**
 * A boss in a process of its own, to be killed: plays the run that its only argument asks for
 * (JSON: the options of a boss and a request), and tells the run's events as JSON lines.
 */

import type { RunRequest } from '../../src-core/model.ts'
import { type BossOptions, createBoss } from '../../src-main/boss/boss.ts'

export type BossOrder = {
  readonly options: Omit<BossOptions, 'ask' | 'startLocalWorker'>
  readonly request: RunRequest
}

const { options, request } = JSON.parse(process.argv[2] ?? '') as BossOrder
const boss = createBoss({
  ...options,
  ask: {
    hostKey: async () => 'refuse',
    passphrase: async () => null,
    interactive: async () => null,
  },
})
const started = await boss.start(request)
if (!started.ok) throw new Error(started.problem.what)
started.value.onEvent((event) => console.log(JSON.stringify(event)))
process.exitCode = await started.value.finished
await boss.close()
