import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A live holder older than this is taken for a process id that the system gave out again. */
const lockLimitMs = 15 * 60_000
const lockPollMs = 250

/**
 * Makes the folder `target` by `fill`, all of it or nothing: `fill` writes into a folder beside it,
 * which is renamed into place when it returns. Runs at the same time wait for one another; what a
 * killed run left behind is cleared away by the next.
 *
 * @param {string} target absolute path of the folder
 * @param {(folder: string) => Promise<void>} fill
 * @returns {Promise<void>}
 */
export async function installOnce(target, fill) {
  if (existsSync(target)) return
  await mkdir(dirname(target), { recursive: true })
  await withLock(`${target}.lock`, async () => {
    if (existsSync(target)) return
    await clearAbandoned(target)
    const unfinished = `${target}.unfinished-${process.pid}`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished)
    try {
      await fill(unfinished)
      await rename(unfinished, target)
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true })
      // The lock is advice: where it failed, whoever renamed first has made the folder.
      if (!existsSync(target)) throw error
    }
  })
}

/**
 * Runs `work` while this process holds the lock file; waits for a living holder, takes over from a
 * dead one.
 *
 * It is a lock of its own beside src-system/file-lock.ts, since scripts run before anything is built and
 * Node 20 reads no TypeScript. It needs less, too: its holders are processes of one computer.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  await mkdir(dirname(file), { recursive: true })
  while (!(await tryLock(file))) {
    if (await isAbandoned(file)) await rm(file, { force: true })
    else await delay(lockPollMs)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

/** @param {string} file */
async function tryLock(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

/** @param {string} file */
async function isAbandoned(file) {
  try {
    const pid = Number(await readFile(file, 'utf8'))
    const { mtimeMs } = await stat(file)
    const age = Date.now() - mtimeMs
    // An empty file is one whose writer is between creating and filling it, for a moment at most.
    if (pid === 0) return age > 5_000
    return age > lockLimitMs || !isAlive(pid)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false
    throw error
  }
}

/** @param {string} target */
async function clearAbandoned(target) {
  const prefix = `${basename(target)}.unfinished-`
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue
    await rm(join(dirname(target), name), { recursive: true, force: true })
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isErrno(error, 'EPERM')
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isErrno(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
