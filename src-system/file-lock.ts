/**
 * The one lock of the product: a file that says who holds it. It lies on the file system of what it
 * guards, so that whoever can spoil that sees the lock, too. It needs no flock and no fcntl locks,
 * which NFS may lack: the file is made by a hard link, or by O_EXCL where there are none, and both
 * either happen or don't. A holder that can be seen from here is judged by its process. One on
 * another machine is judged by when it last renewed the lock, by the clock of the file system.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { link, mkdir, open, readFile, rm, rmdir, stat, utimes } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts'
import { replaceFile } from './replace-file.ts'

/** What the holder wants others to know of it. */
export type LockPurpose = {
  /** Names the holder; a new one if it is left out. */
  readonly uuid?: string
  /** `user@host` of the boss; empty if it is unknown. */
  readonly boss: string
  readonly run_id: string
  /** What is guarded. */
  readonly work_dir: string
}

/** What a lock file holds, as JSON. */
export type LockRecord = ProcessIdentity &
  Required<LockPurpose> & {
    readonly user: string
    /** ISO date. */
    readonly created: string
  }

export type LockAnswer = { readonly lock: FileLock } | { readonly holder: LockRecord }

/** A living holder renews its lock so often, milliseconds. */
export const RENEW_MS = 10_000
/** One on another machine that has not renewed it for so long counts as dead. */
export const EXPIRY_MS = 60_000
/** A takeover, and the writing of a lock, take milliseconds; one that lasts so long was broken off. */
const TAKEOVER_MS = 10_000
const RETRY_MS = 20
const ATTEMPTS = 1500

/** Takes the lock, or says who has it. Throws if no lock can be written there. */
export async function takeLock(path: string, purpose: LockPurpose): Promise<LockAnswer> {
  const record: LockRecord = {
    ...(await ownIdentity()),
    ...purpose,
    uuid: purpose.uuid ?? randomUUID(),
    user: userInfo().username,
    created: new Date().toISOString(),
  }
  const own = `${path}.${randomUUID()}`
  await writeNew(own, JSON.stringify(record))
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await isPlaced(own, path, record)) return { lock: new FileLock(path, record) }
      const found = await readSeen(path)
      if (found?.record && (await isHeld(found, own, record))) return { holder: found.record }
      if (found && (found.record || (await ageOf(found, own)) > TAKEOVER_MS)) {
        await removeDead(path, own, found.record)
      }
      await delay(RETRY_MS)
    }
  } finally {
    await rm(own, { force: true })
  }
  throw new Error(`can't take over the dead lock ${path}: remove it if nothing uses its folder`)
}

/** Who holds the lock now; null if nobody does. */
export async function lockHolder(path: string): Promise<LockRecord | null> {
  const found = await readSeen(path)
  if (!found?.record) return null
  const identity = await ownIdentity()
  const running = await isRunning(found.record, identity)
  if (running !== null) return running ? found.record : null
  return (await hasExpired(path, found)) ? null : found.record
}

/** A lock that this process took. */
export class FileLock {
  readonly path: string
  #record: LockRecord
  #timer: NodeJS.Timeout | undefined

  constructor(path: string, record: LockRecord) {
    this.path = path
    this.#record = record
  }

  /** Renews the lock from now on; `onLost` hears once who has it if it is not ours any more. */
  keep(onLost: (holder: LockRecord | null) => void, everyMs: number = RENEW_MS): void {
    this.#timer = setInterval(async () => {
      if (await this.renew()) return
      this.#stop()
      onLost(readLockNow(this.path))
    }, everyMs)
    this.#timer.unref()
  }

  /** False if the lock is not ours any more. A file system that does not answer takes nothing from us. */
  async renew(): Promise<boolean> {
    try {
      if (!(await this.#isOurs())) return false
      const now = new Date()
      await utimes(this.path, now, now)
      return true
    } catch (error) {
      return !isCode(error, 'ENOENT')
    }
  }

  /** Changes what the lock says of boss and run. */
  async describe(about: Pick<LockPurpose, 'boss' | 'run_id'>): Promise<void> {
    this.#record = { ...this.#record, ...about }
    if (!(await this.#isOurs())) return
    await replaceFile(this.path, JSON.stringify(this.#record))
  }

  async release(): Promise<void> {
    this.#stop()
    if (await this.#isOurs().catch(() => false)) await rm(this.path, { force: true })
  }

  /** The same for a process that ends with the next line. */
  releaseNow(): void {
    this.#stop()
    if (readLockNow(this.path)?.uuid === this.#record.uuid) rmSync(this.path, { force: true })
  }

  async #isOurs(): Promise<boolean> {
    return parseLock(await readFile(this.path, 'utf8'))?.uuid === this.#record.uuid
  }

  #stop(): void {
    clearInterval(this.#timer)
  }
}

/** Null for what is not there, or is no lock record. */
export function readLockNow(path: string): LockRecord | null {
  try {
    return parseLock(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** A lock as it was found. Null as a record: half written, or of a program that we don't know. */
type SeenLock = { readonly record: LockRecord | null; readonly changedMs: number }

/** Null if there is none. Opening it makes a client of NFS ask its server again. */
async function readSeen(path: string): Promise<SeenLock | null> {
  try {
    const file = await open(path, 'r')
    try {
      const { ctimeMs } = await file.stat()
      return { record: parseLock(await file.readFile('utf8')), changedMs: ctimeMs }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

const MOST_CHARACTERS = 20_000

function parseLock(text: string): LockRecord | null {
  if (text.length > MOST_CHARACTERS) return null
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const fields = value as Record<string, unknown>
    const { pid, uuid } = fields
    if (typeof pid !== 'number' || typeof uuid !== 'string') return null
    const word = (name: string) => {
      const field = fields[name]
      return typeof field === 'string' ? field : ''
    }
    return {
      pid,
      uuid,
      host: word('host'),
      machine_id: word('machine_id'),
      boot_id: word('boot_id'),
      pid_namespace: word('pid_namespace'),
      start_time: word('start_time'),
      user: word('user'),
      boss: word('boss'),
      run_id: word('run_id'),
      work_dir: word('work_dir'),
      created: word('created'),
    }
  } catch {
    return null
  }
}

async function isHeld(found: SeenLock, clock: string, own: LockRecord): Promise<boolean> {
  if (!found.record) return false
  return (await isRunning(found.record, own)) ?? (await ageOf(found, clock)) < EXPIRY_MS
}

async function hasExpired(path: string, found: SeenLock): Promise<boolean> {
  const clock = `${path}.${randomUUID()}`
  try {
    await writeNew(clock, '')
    return (await ageOf(found, clock)) >= EXPIRY_MS
  } catch {
    // Whoever may only read here has no clock but its own.
    return Date.now() - found.changedMs >= EXPIRY_MS
  } finally {
    await rm(clock, { force: true })
  }
}

/** Milliseconds since a lock was renewed, by the clock of its file system. `clock` is a file of ours. */
async function ageOf({ changedMs }: SeenLock, clock: string): Promise<number> {
  const now = new Date()
  await utimes(clock, now, now)
  return (await stat(clock)).ctimeMs - changedMs
}

/** File systems that have no hard links say so in many ways. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL']

/** The lock appears whole or not at all, and only where none is. */
async function isPlaced(own: string, path: string, record: LockRecord): Promise<boolean> {
  try {
    await link(own, path)
    return true
  } catch (error) {
    // A server's answer may be lost after it made the link; then a second try finds our own.
    if ((await stat(own)).nlink > 1) return true
    if (isCode(error, 'EEXIST')) return false
    if (!NO_LINKS.some((code) => isCode(error, code))) throw error
  }
  return writeNew(path, JSON.stringify(record)).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, 'EEXIST')) return false
      throw error
    },
  )
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

/**
 * Removes a dead lock, and never another one that took its place meanwhile: of all who found it dead,
 * only the one that makes a folder beside it looks again and removes.
 */
async function removeDead(path: string, clock: string, dead: LockRecord | null): Promise<void> {
  const guard = `${path}.takeover`
  try {
    await mkdir(guard)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    const changedMs = (await stat(guard).catch(() => null))?.ctimeMs
    if (changedMs !== undefined && (await ageOf({ record: null, changedMs }, clock)) > TAKEOVER_MS)
      await rmdir(guard).catch(() => {})
    return
  }
  try {
    const now = await readSeen(path)
    if (now && now.record?.uuid === dead?.uuid) await rm(path, { force: true })
  } finally {
    await rmdir(guard).catch(() => {})
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
