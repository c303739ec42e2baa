import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'

/**
 * Makes a folder that only this account can use, whatever the umask says; one that is there is closed to
 * others. It may be a link of our own to another place. Throws if it is somebody else's, or can't be made.
 */
export function makePrivateFolder(folder: string): void {
  makeMissing(folder)
  const { uid, username } = userInfo()
  // In /tmp anybody may put a link: both it and what it leads to must be ours.
  const isOurs = [lstatSync(folder), statSync(folder)].every(
    (found) => uid < 0 || found.uid === uid,
  )
  const found = statSync(folder)
  if (!isOurs || !found.isDirectory()) throw new Error(`${folder} is not a folder of ${username}`)
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700)
}

/**
 * Node's own `recursive` goes round for ever below a folder in which nothing can be made although it is
 * there, as those of automounters, and on a read-only disk it says that there is no such folder.
 */
function makeMissing(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    makeMissing(dirname(folder))
    makeLast(folder)
  }
}

/** Below a folder that is there. Another program may be quicker. */
function makeLast(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
