import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'

/**
 * Makes a folder that only this account can use, whatever the umask says; one that is there is closed to
 * others. It may be a link of our own to another place. Throws if it is somebody else's, or can't be made.
 */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, username } = userInfo()
  // In /tmp anybody may put a link: both it and what it leads to must be ours.
  const isOurs = [lstatSync(folder), statSync(folder)].every(
    (found) => uid < 0 || found.uid === uid,
  )
  const found = statSync(folder)
  if (!isOurs || !found.isDirectory()) throw new Error(`${folder} is not a folder of ${username}`)
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700)
}
