/**
 * One boss per output folder. The lock is a file that names its owner; it is taken by a hard link,
 * which either is there or is not, also on NFS.
 */
import { randomUUID } from 'node:crypto'
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { makeFolder } from '../make-folder.ts'
import { OWN_FOLDER } from './output-layout.ts'

const holderSchema = z.object({
  id: z.string(),
  user: z.string(),
  host: z.string(),
  pid: z.number(),
  /** Of the process, from /proc; empty where there is none. With `boot` it names one process. */
  startTime: z.string(),
  boot: z.string(),
  runId: z.string(),
  /** ISO date. */
  since: z.string(),
})
type Holder = z.infer<typeof holderSchema>

export type OutputLock = { readonly release: () => Promise<void> }

/** How often a holder shows that it lives, and when one on another computer counts as dead. */
const REFRESH_MS = 15_000
const DEAD_MS = 5 * 60_000

/** Others may be taking over the same dead lock; they are done within milliseconds, or dead too. */
const RETRY_MS = 10
const ATTEMPTS = 1000
const TAKEOVER_MS = 5000

/** Takes the output folder for a run, or says who has it. A dead process's lock is taken over. */
export async function lockOutput(base: string, runId: string): Promise<Result<OutputLock>> {
  const folder = join(base, OWN_FOLDER)
  await makeFolder(folder)
  const path = join(folder, 'lock')
  const mine = join(folder, `lock.${randomUUID()}`)
  const holder = await describeMyself(runId)
  await writeFile(mine, JSON.stringify(holder))
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linked(mine, path)) return ok(held(path, holder.id))
      const other = await readHolder(path)
      if (other && other !== 'gone' && (await isAlive(other, path))) return inUse(base, other)
      if (other !== 'gone') await removeDead(path, mine, other)
      await delay(RETRY_MS)
    }
    return fail(`The output folder ${base} could not be locked`, 'Try again.')
  } finally {
    await rm(mine, { force: true })
  }
}

/** Id of the run that goes on in the folder, here or on another computer; empty where none does. */
export async function runningIn(base: string): Promise<string> {
  const path = join(base, OWN_FOLDER, 'lock')
  const holder = await readHolder(path)
  return holder && holder !== 'gone' && (await isAlive(holder, path)) ? holder.runId : ''
}

function inUse(base: string, { user, host, pid, since }: Holder): Result<never> {
  return fail(
    `The output folder ${base} is in use by ${user}@${host} (process ${pid}) since ${since}`,
    'Wait for that run to end, or choose another output folder.',
  )
}

async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

function held(path: string, id: string): OutputLock {
  const timer = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, REFRESH_MS)
  timer.unref()
  return {
    release: async () => {
      clearInterval(timer)
      const holder = await readHolder(path)
      if (holder !== 'gone' && holder?.id === id) await rm(path, { force: true })
    },
  }
}

/** Null for a lock that makes no sense: its writer died, or it is of a later version. */
async function readHolder(path: string): Promise<Holder | 'gone' | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return 'gone'
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

async function isAlive(holder: Holder, path: string): Promise<boolean> {
  if (holder.host !== hostname()) return !(await isOlder(path, DEAD_MS))
  if (holder.boot !== (await bootId())) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
  }
  return (await startTime(holder.pid)) === holder.startTime
}

/** By the clock of the file system, which need not be ours. */
async function isOlder(path: string, ms: number): Promise<boolean> {
  const probe = `${path}.${randomUUID()}`
  try {
    await writeFile(probe, '')
    const [now, lock] = await Promise.all([stat(probe), stat(path)])
    return now.mtimeMs - lock.mtimeMs > ms
  } catch {
    return false
  } finally {
    await rm(probe, { force: true })
  }
}

/**
 * Removes a dead lock. Many may find it dead at once, and one of them may have taken its place
 * already: so only the holder of a second lock looks again and removes.
 */
async function removeDead(path: string, mine: string, dead: Holder | null): Promise<void> {
  const guard = `${path}.takeover`
  if (!(await linked(mine, guard))) {
    if (await isOlder(guard, TAKEOVER_MS)) await rm(guard, { force: true })
    return
  }
  try {
    const now = await readHolder(path)
    if (now !== 'gone' && now?.id === dead?.id) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}

async function describeMyself(runId: string): Promise<Holder> {
  return {
    id: randomUUID(),
    user: userInfo().username,
    host: hostname(),
    pid: process.pid,
    startTime: await startTime(process.pid),
    boot: await bootId(),
    runId,
    since: new Date().toISOString(),
  }
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()
}

/** Field 22 of `/proc/PID/stat`; the second field may hold spaces and brackets. */
async function startTime(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
