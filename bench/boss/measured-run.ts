import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type BuildSettings,
  defaultBuildSettings,
} from '../../src-core/build-options/build-settings.ts'
import type { RunRequest } from '../../src-core/model.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { type Boss, createBoss } from '../../src-main/boss/boss.ts'

/** A boss of its own below `dir`, that knows `hosts` and nothing of the user's. */
export async function makeBoss(
  dir: string,
  hosts: readonly string[],
  sshConfigFile: string | undefined,
  { maxBoards = 0 } = {},
): Promise<Boss> {
  await mkdir(dir, { recursive: true })
  const configFile = join(dir, 'buildman')
  const machines = hosts.map((host) => `${host}\n`).join('')
  const limits = hosts.map((host) => `[machine:${host}]\nmax_boards = ${maxBoards}\n`).join('')
  await writeFile(configFile, `[toolchain]\nroot = /usr\n\n[machines]\n${machines}\n${limits}`)
  return createBoss({
    configFile,
    ...(sshConfigFile !== undefined && { sshConfigFile }),
    cacheDir: join(dir, 'cache'),
    stateDir: join(dir, 'state'),
    workerFile: builtFile('worker/worker.mjs'),
    scanThread: builtFile('threads/scan-boards.mjs'),
    ask: {
      hostKey: async () => 'refuse',
      passphrase: async () => null,
      interactive: async () => null,
    },
    allowDifferentCompilers: false,
  })
}

/** A file that `npm run build` makes. */
function builtFile(name: string): string {
  const file = join(process.cwd(), 'out', name)
  if (!existsSync(file)) throw new Error(`${file} is not there: npm run build`)
  return file
}

export function requestFor(
  treeDir: string,
  outputDir: string,
  boards: readonly string[],
  where: 'here' | 'hosts only' | 'everywhere',
  settings: Partial<BuildSettings> = {},
): RunRequest {
  return {
    treeDir,
    outputDir,
    boards,
    commits: { kind: 'current' },
    distribute: where !== 'here',
    useMachines: [],
    noLocal: where === 'hosts only',
    settings: { ...defaultBuildSettings, ...settings },
  }
}

/** Seconds; `perSecond` counts builds between the first and the last result. */
export type Timing = {
  readonly total: number
  readonly toFirst: number
  readonly perSecond: number
  readonly afterLast: number
  readonly exitCode: number
  readonly results: number
  readonly events: readonly RunEvent[]
}

/** Runs a request from the call to the last goodbye. */
export async function timeRun(boss: Boss, request: RunRequest): Promise<Timing> {
  const began = Date.now()
  const started = await boss.start(request)
  if (!started.ok) throw new Error(started.problem.what)
  const events: RunEvent[] = []
  started.value.onEvent((event) => events.push(event))
  const exitCode = await started.value.finished
  const ended = Date.now()
  const results = events.filter(({ type }) => type === 'build-finished').map(({ at }) => at)
  const first = results[0] ?? ended
  const last = results.at(-1) ?? ended
  return {
    total: (ended - began) / 1000,
    toFirst: (first - began) / 1000,
    perSecond: ((results.length - 1) * 1000) / Math.max(1, last - first),
    afterLast: (ended - last) / 1000,
    exitCode,
    results: results.length,
    events,
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}
