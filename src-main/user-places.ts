import { homedir } from 'node:os'
import { join } from 'node:path'
import { givenFolder } from '../src-system/given-folder.ts'

/** The user's folders, by the XDG rules; shared by window and terminal. */
export type UserPlaces = {
  /** What can be made again: board lists, shadow repositories, outputs, Node runtimes. */
  readonly cacheDir: string
  /** History and durations. */
  readonly stateDir: string
}

export function userPlaces(env: NodeJS.ProcessEnv = process.env): UserPlaces {
  return {
    cacheDir: join(givenFolder(env.XDG_CACHE_HOME) ?? join(homedir(), '.cache'), 'slipway'),
    stateDir: join(
      givenFolder(env.XDG_STATE_HOME) ?? join(homedir(), '.local', 'state'),
      'slipway',
    ),
  }
}
