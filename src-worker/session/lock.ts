/**
 * One worker a work folder: a lock file on a local disk that says who holds it. It names one process
 * for good (boot id, pid, start time), so that a dead holder's lock is known to be stale, and nobody is
 * ever killed by mistake. Its modification time is renewed while a boss feeds the worker.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { readProcess } from '../processes/processes.ts'

/** What a lock file holds, as JSON. */
export type LockRecord = {
  readonly boot_id: string
  readonly host: string
  readonly pid: number
  /** Of the process, clock ticks since boot; empty where there is no /proc. */
  readonly start_time: string
  readonly uuid: string
  /** `user@host`. */
  readonly boss: string
  readonly run_id: string
  readonly work_dir: string
  /** ISO date. */
  readonly created: string
}

export type Lock = {
  readonly path: string
  /** Says that the worker still serves; false if the lock is no longer ours. */
  readonly renew: () => boolean
  /** Changes what the lock says of boss and run. */
  readonly describe: (about: { readonly boss: string; readonly run_id: string }) => void
  readonly release: () => void
}

export type LockAnswer = { readonly lock: Lock } | { readonly holder: LockRecord }

/** Where locks may lie: `$XDG_RUNTIME_DIR`, and where a login without it puts them. */
export function lockFolders(env: NodeJS.ProcessEnv): string[] {
  const fallback = `/tmp/slipway-${userInfo().uid}`
  const runtime = env.XDG_RUNTIME_DIR
  return runtime ? [join(runtime, 'slipway'), fallback] : [fallback]
}

/** First 16 hex digits of the SHA-256 of the folder's real path. */
export function lockName(workDir: string): string {
  const digest = createHash('sha256').update(realpathSync(workDir)).digest('hex')
  return `worker-${digest.slice(0, 16)}.lock`
}

/** The first lock folder that can be used. Throws if none can, or somebody else owns it. */
export function openLockFolder(folders: readonly string[]): string {
  const problems: string[] = []
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const found = lstatSync(folder)
      if (found.isDirectory() && found.uid === userInfo().uid) return folder
      problems.push(`${folder} is not a folder of ${userInfo().username}`)
    } catch (error) {
      problems.push(String(error))
    }
  }
  throw new Error(`no place for the lock file: ${problems.join('; ')}`)
}

/** How long a takeover may last before it counts as broken off. Others wait for it. */
const TAKEOVER_MS = 10_000

/** Takes the lock of a work folder, or says who has it. Throws if no lock can be written. */
export function takeLock(
  folders: readonly string[],
  workDir: string,
  about: { readonly uuid: string; readonly boss: string; readonly run_id: string },
): LockAnswer {
  const folder = openLockFolder(folders)
  const name = lockName(workDir)
  const record: LockRecord = {
    boot_id: bootId(),
    host: hostname(),
    pid: process.pid,
    start_time: readProcess(process.pid)?.startTime ?? '',
    ...about,
    work_dir: realpathSync(workDir),
    created: new Date().toISOString(),
  }
  for (const other of folders.filter((f) => f !== folder)) {
    const found = readLock(join(other, name))
    if (found && isHeld(join(other, name), found)) return { holder: found }
  }
  const path = join(folder, name)
  for (let round = 0; round < 100; round += 1) {
    if (placeLock(path, record)) return { lock: heldLock(path, record) }
    const found = readLock(path)
    if (found && isHeld(path, found)) return { holder: found }
    if (!buryLock(path, found)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  }
  throw new Error(`can't take over the stale lock ${path}: remove it if no worker runs`)
}

/** Appears whole or not at all, and only where none is: `link` does not overwrite. */
function placeLock(path: string, record: LockRecord): boolean {
  const temporary = `${path}.${randomUUID()}`
  writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 })
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * Removes a stale lock, and never another one that took its place meanwhile: of all who found the same
 * stale lock, only the one that gets its grave (a link named by its uuid) may remove it.
 */
function buryLock(path: string, stale: LockRecord | null): boolean {
  const grave = `${path}.stale-${stale?.uuid.replace(/[^\w-]/g, '') ?? 'unreadable'}`
  try {
    linkSync(path, grave)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return true
    if (!isCode(error, 'EEXIST')) throw error
    if (ageMs(grave) > TAKEOVER_MS) rmSync(grave, { force: true })
    return false
  }
  if (readLock(grave)?.uuid === stale?.uuid) rmSync(path, { force: true })
  rmSync(grave, { force: true })
  return true
}

function heldLock(path: string, first: LockRecord): Lock {
  let record = first
  const isOurs = () => readLock(path)?.uuid === first.uuid
  return {
    path,
    renew() {
      if (!isOurs()) return false
      const now = new Date()
      try {
        utimesSync(path, now, now)
        return true
      } catch {
        // Removed a moment ago; or it can't be written to, and is ours all the same.
        return isOurs()
      }
    },
    describe(about) {
      record = { ...record, ...about }
      if (!isOurs()) return
      const temporary = `${path}.${randomUUID()}`
      writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 })
      renameSync(temporary, path)
    },
    release() {
      if (isOurs()) rmSync(path, { force: true })
    },
  }
}

/** Null for what is not there, or is no lock record. */
export function readLock(path: string): LockRecord | null {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8'))
    return typeof value?.uuid === 'string' && typeof value?.pid === 'number' ? value : null
  } catch {
    return null
  }
}

/** A living worker renews its lock far more often than this. */
const FRESH_MS = 60_000

/**
 * Whether the process that a lock names still runs. The lock lies on a local disk, so another boot id
 * means an earlier boot. With the same one but another host name it is a container's: its processes
 * can't be seen from here, so the lock counts while it is renewed.
 */
export function isHeld(path: string, record: LockRecord): boolean {
  if (record.boot_id !== bootId()) return false
  if (record.host !== hostname()) return ageMs(path) < FRESH_MS
  const found = readProcess(record.pid)
  if (found) return found.startTime === record.start_time
  return record.start_time === '' && answersSignal(record.pid)
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).ctimeMs
  } catch {
    return 0
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
