/**
 * One worker a work folder. Two locks say so. One lies in the work folder itself, where every machine that
 * shares the folder sees it. The other lies on a local disk, where the probe looks for workers of this
 * machine: it names the worker's process, so that nobody else is ever ended by mistake.
 */
import { createHash } from 'node:crypto'
import { homedir, hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import {
  type FileLock,
  type LockPurpose,
  type LockRecord,
  takeLock,
} from '../../src-system/file-lock.ts'
import { givenFolder } from '../../src-system/given-folder.ts'
import { makePrivateFolder } from '../../src-system/private-folder.ts'

/** Where the locks of this machine's workers may lie, best first. resources/probe.sh looks there, too. */
export function lockFolders(env: NodeJS.ProcessEnv): string[] {
  const runtime = givenFolder(env.XDG_RUNTIME_DIR)
  return [
    ...(runtime ? [join(runtime, 'slipway')] : []),
    `/tmp/slipway-${userInfo().uid}`,
    // A home may be shared, so each machine has its own folder there.
    join(env.HOME || homedir(), '.cache', 'slipway', 'locks', hostname()),
  ]
}

/** First 16 hex digits of the SHA-256 of the folder's real path. */
export function lockName(workDir: string): string {
  const digest = createHash('sha256').update(workDir).digest('hex')
  return `worker-${digest.slice(0, 16)}.lock`
}

/** The first folder that can be used, and why those before it can't. Throws if none can. */
export function openLockFolder(folders: readonly string[]): {
  readonly folder: string
  readonly problems: readonly string[]
} {
  const problems: string[] = []
  for (const folder of folders) {
    try {
      makePrivateFolder(folder)
      return { folder, problems }
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new Error(`no place for the lock file: ${problems.join('; ')}`)
}

export type FolderLockAnswer = { readonly lock: WorkFolderLock } | { readonly holder: LockRecord }

/** Takes a work folder, or says who has it. `workDir` is a real path. Throws if no lock can be written. */
export async function lockWorkFolder(
  folder: string,
  workDir: string,
  purpose: Omit<LockPurpose, 'work_dir'> & { readonly uuid: string },
): Promise<FolderLockAnswer> {
  const about = { ...purpose, work_dir: workDir }
  const here = await takeLock(join(folder, lockName(workDir)), about)
  if ('holder' in here) return here
  try {
    const everywhere = await takeLock(join(workDir, 'lock'), about)
    if ('lock' in everywhere) return { lock: new WorkFolderLock(here.lock, everywhere.lock) }
    await here.lock.release()
    return everywhere
  } catch (error) {
    await here.lock.release()
    throw error
  }
}

export class WorkFolderLock {
  readonly #here: FileLock
  readonly #everywhere: FileLock

  constructor(here: FileLock, everywhere: FileLock) {
    this.#here = here
    this.#everywhere = everywhere
  }

  /** Of the lock on the local disk. */
  get path(): string {
    return this.#here.path
  }

  /** Of the lock in the work folder. */
  get sharedPath(): string {
    return this.#everywhere.path
  }

  /** Renews both from now on; `onLost` hears once if somebody else has one. */
  keep(onLost: (path: string, holder: LockRecord | null) => void): void {
    let told = false
    for (const lock of [this.#here, this.#everywhere]) {
      lock.keep((holder) => {
        if (!told) onLost(lock.path, holder)
        told = true
      })
    }
  }

  /** Changes what the locks say of boss and run. */
  async describe(about: Pick<LockPurpose, 'boss' | 'run_id'>): Promise<void> {
    await Promise.all([this.#here.describe(about), this.#everywhere.describe(about)])
  }

  releaseNow(): void {
    this.#everywhere.releaseNow()
    this.#here.releaseNow()
  }
}
