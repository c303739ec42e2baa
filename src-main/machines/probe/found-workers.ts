import { basename } from 'node:path'
import * as z from 'zod'
import type { FoundWorker } from '../../../src-core/model.ts'

/**
 * Which of a machine's processes and locks are workers, and whom they serve. Pure: what there is
 * comes from the probe. A name alone never makes a worker of ours; that takes a lock with the
 * process's identity (pid, start time, boot id) or the cookie that the worker gives its children.
 */

/** A worker touches its lock every 15 s while its boss speaks. A lock older than this has no living boss. */
export const HEARTBEAT_SECONDS = 90

/** A lock file as it was found. */
export type SeenLock = {
  readonly path: string
  readonly ageSeconds: number
  readonly content: string
}

/** A process of this user that has a lock, our cookie, or `--worker` on its command line. */
export type SeenProcess = {
  readonly pid: number
  readonly parent: number
  /** Field 22 of /proc/PID/stat. */
  readonly startTime: string
  /** It has ended and only waits for its parent to notice. */
  readonly dead: boolean
  /** An ssh server is among its ancestors. */
  readonly connected: boolean
  /** Its HOME is that of the account that asked; accounts that share a user id differ here. */
  readonly sameHome: boolean
  /** SLIPWAY_WORKER in its environment; empty without. */
  readonly cookie: string
  readonly argv: readonly string[]
}

export type SeenWorkers = {
  readonly hostname: string
  readonly bootId: string
  /** Of the shell that looked: elsewhere the same numbers are other processes. */
  readonly pidNamespace: string
  readonly uptimeSeconds: number
  /** Ticks of `startTime` a second. */
  readonly clockTicks: number
  readonly locks: readonly SeenLock[]
  readonly buildmanLocks: readonly SeenLock[]
  readonly processes: readonly SeenProcess[]
}

const text = z.string().max(4096).catch('')
const lockContent = z.object({
  boot_id: text,
  pid_namespace: text,
  host: text,
  pid: z.number().int().min(0).catch(0),
  start_time: z.union([z.string().max(30), z.number().transform(String)]).catch(''),
  uuid: text,
  boss: text,
  run_id: text,
})
type LockContent = z.infer<typeof lockContent>

export function judgeWorkers(seen: SeenWorkers): FoundWorker[] {
  const alive = { ...seen, processes: seen.processes.filter(({ dead }) => !dead) }
  const locked = seen.locks.flatMap((lock) => judgeLock(lock, alive) ?? [])
  const uuids = new Set(locked.map(({ uuid }) => uuid))
  return [
    ...locked.map(({ worker }) => worker),
    ...leftOvers(alive, uuids),
    ...buildmanWorkers(alive),
  ]
}

function judgeLock(
  lock: SeenLock,
  seen: SeenWorkers,
): { readonly uuid: string; readonly worker: FoundWorker } | null {
  const content = readLockContent(lock.content)
  const known = { kind: 'slipway', lockPath: lock.path } as const
  // Half written just now, or never: nothing but its age says which.
  if (content === null) {
    if (lock.ageSeconds <= HEARTBEAT_SECONDS) return null
    const worker = { ...known, ...noProcess, ageSeconds: lock.ageSeconds, boss: '', runId: '' }
    return { uuid: '', worker: { ...worker, state: 'gone' } }
  }
  const told = { ...known, boss: content.boss, runId: content.run_id }
  const state = lock.ageSeconds <= HEARTBEAT_SECONDS ? ('live' as const) : ('stale' as const)
  const isElsewhere = isOfOther(content.host, seen.hostname) || isInOtherNamespace(content, seen)
  const holder = seen.processes.find((process) => isHolder(process, content, seen))
  if (holder) {
    if (!holder.sameHome) return null
    return { uuid: content.uuid, worker: { ...told, ...identity(holder, seen), state } }
  }
  const orphan = eldest(seen.processes.filter((process) => hasCookie(process, content.uuid)))
  if (orphan) {
    const worker = { ...told, ...identity(orphan, seen), state: isElsewhere ? state : 'stale' }
    return { uuid: content.uuid, worker }
  }
  // It may be of another machine, or of a container, that shares the folder: then it is renewed.
  if (isElsewhere && (content.boot_id === seen.bootId || state === 'live')) return null
  const gone = { pid: content.pid, startTime: content.start_time, command: '' }
  return {
    uuid: content.uuid,
    worker: { ...told, ...gone, ageSeconds: lock.ageSeconds, state: 'gone' },
  }
}

function readLockContent(content: string): LockContent | null {
  try {
    const parsed = lockContent.safeParse(JSON.parse(content))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function isOfOther(theirs: string, own: string): boolean {
  return theirs !== '' && own !== '' && theirs !== own
}

/** A node of a cluster or a container may have the name of its computer, and processes of its own. */
function isInOtherNamespace(content: LockContent, seen: SeenWorkers): boolean {
  return content.boot_id === seen.bootId && isOfOther(content.pid_namespace, seen.pidNamespace)
}

function isHolder(process: SeenProcess, content: LockContent, seen: SeenWorkers): boolean {
  return (
    process.pid === content.pid &&
    process.startTime === content.start_time &&
    content.boot_id === seen.bootId &&
    !isInOtherNamespace(content, seen)
  )
}

function hasCookie(process: SeenProcess, uuid: string): boolean {
  return uuid !== '' && process.cookie === uuid && process.sameHome
}

/** Processes with a cookie whose lock is not there: what a killed worker left running. */
function leftOvers(seen: SeenWorkers, uuids: ReadonlySet<string>): FoundWorker[] {
  const groups = new Map<string, SeenProcess[]>()
  for (const process of seen.processes) {
    if (process.cookie === '' || uuids.has(process.cookie) || !process.sameHome) continue
    groups.set(process.cookie, [...(groups.get(process.cookie) ?? []), process])
  }
  return [...groups.values()].flatMap((group) => {
    const first = eldest(group)
    if (first === null) return []
    const found = identity(first, seen)
    // One that has a parent and is young may be about to write its lock.
    const starting = first.parent > 1 && found.ageSeconds <= HEARTBEAT_SECONDS
    const state = starting ? ('live' as const) : ('stale' as const)
    return [{ kind: 'slipway' as const, ...found, boss: '', runId: '', lockPath: '', state }]
  })
}

/** The first of them that was started. */
function eldest(processes: readonly SeenProcess[]): SeenProcess | null {
  return processes.reduce<SeenProcess | null>(
    (first, one) =>
      first === null || Number(one.startTime) < Number(first.startTime) ? one : first,
    null,
  )
}

/** Buildman's: python runs its main.py with `--worker`. Its lock names no owner. */
export function isBuildmanWorker(argv: readonly string[]): boolean {
  const [program = '', ...words] = argv
  return (
    /^python[\d.]*$/.test(basename(program)) &&
    words.some((word) => ['main.py', 'buildman'].includes(basename(word))) &&
    words.includes('--worker')
  )
}

function buildmanWorkers(seen: SeenWorkers): FoundWorker[] {
  const lock = seen.buildmanLocks[0]
  const common = { kind: 'buildman', boss: '', runId: '', lockPath: lock?.path ?? '' } as const
  const running = seen.processes.filter(({ argv, sameHome }) => sameHome && isBuildmanWorker(argv))
  const pids = new Set(running.map(({ pid }) => pid))
  const workers = running
    .filter(({ parent }) => !pids.has(parent))
    .map((process) => {
      // It leaves at end of input, so one that is still connected is taken to be in use.
      const state = process.connected ? ('live' as const) : ('stale' as const)
      return { ...common, ...identity(process, seen), state }
    })
  if (workers.length > 0 || lock === undefined) return workers
  return [{ ...common, ...noProcess, ageSeconds: lock.ageSeconds, state: 'gone' }]
}

const noProcess = { pid: 0, startTime: '', command: '' }

function identity(
  process: SeenProcess,
  seen: SeenWorkers,
): Pick<FoundWorker, 'pid' | 'startTime' | 'command' | 'ageSeconds'> {
  const age = seen.uptimeSeconds - Number(process.startTime) / seen.clockTicks
  return {
    pid: process.pid,
    startTime: process.startTime,
    command: process.argv.join(' '),
    ageSeconds: Math.max(0, Math.round(age)),
  }
}
