import { homedir, userInfo } from 'node:os'
import { isAbsolute } from 'node:path'
import { givenFolder } from '../src-system/given-folder.ts'

/**
 * Sees to it that HOME is there and absolute, for this program and all that it starts: under systemd or
 * cron it may be missing. What comes back tells a person what was changed; it is empty if nothing was, or
 * nothing was asked for.
 */
export function mendHome(): string {
  if (isAbsolute(homedir()) && (process.platform === 'win32' || process.env.HOME)) return ''
  const asked = process.env.HOME ?? ''
  const own = accountHome()
  if (own === undefined)
    return `HOME=${asked} is no absolute path, and the account has no home: set HOME`
  process.env.HOME = own
  return asked === '' ? '' : `HOME=${asked} is no absolute path: ${own} is used`
}

function accountHome(): string | undefined {
  try {
    return givenFolder(userInfo().homedir)
  } catch {
    return undefined
  }
}
