import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import { join } from 'node:path'

const memoryFolder = '/dev/shm'
const prefix = 'slipway-test-'
/** What the tests' trees, outputs and homes come to at most, with as much again for the builds. */
const roomBytes = 10e9
const memoryBytes = 14e9

/**
 * Makes a folder for the tests' files in memory, since they make and remove some million small files, which
 * some disks' file systems are slow at. On a computer without room to spare there is none, and the
 * tests' files are where the system has them.
 *
 * @returns {Promise<{ path: string, remove: () => Promise<void> } | undefined>}
 */
export async function makeScratchFolder() {
  await removeAbandoned()
  if (!(await hasRoom())) return undefined
  const path = await mkdtemp(join(memoryFolder, `${prefix}${process.pid}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) }
}

/** Removes the folders of tests that were killed: memory is not given back otherwise. */
async function removeAbandoned() {
  for (const name of await readdir(memoryFolder).catch(() => [])) {
    const pid = name.startsWith(prefix) && name.slice(prefix.length).split('-')[0]
    if (!pid || existsSync(`/proc/${pid}`)) continue
    // Another user's can't be removed.
    await rm(join(memoryFolder, name), { recursive: true, force: true }).catch(() => {})
  }
}

async function hasRoom() {
  try {
    const { bavail, bsize } = await statfs(memoryFolder)
    const mounts = await readFile('/proc/mounts', 'utf8')
    return (
      bavail * bsize >= roomBytes && freemem() >= memoryBytes && runsPrograms(mounts, memoryFolder)
    )
  } catch {
    return false // There is no such folder.
  }
}

/**
 * Whether `folder` is a file system in memory on which programs may be started.
 *
 * @param {string} mounts as /proc/mounts has them; of two at one place, the later one counts
 * @param {string} folder
 */
export function runsPrograms(mounts, folder) {
  const rows = mounts.split('\n').map((line) => line.split(' '))
  const [, , type, options = ''] = rows.findLast(([, place]) => place === folder) ?? []
  return type === 'tmpfs' && !options.split(',').includes('noexec')
}
