/**
 * What a worker has once it was set up: the work folder with its lock, its repository, the tools of the
 * machine and the job server.
 */
import { mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type LockRecord, readLockNow } from '../../src-system/file-lock.ts'
import { pathProblem } from '../../src-system/make-path.ts'
import type { Children } from '../processes/children.ts'
import { createJobserver, type Jobserver } from '../processes/jobserver.ts'
import { startOrphanReaper } from '../processes/orphan-reaper.ts'
import { createGit, ensureRepository, type Git } from '../source/worktrees.ts'
import { type Ccache, createCcache } from '../tools/ccache.ts'
import type { Environment } from '../tools/environment.ts'
import { findProgram } from '../tools/toolchain.ts'
import {
  lockFolders,
  lockWorkFolder,
  openLockFolder,
  type WorkFolderLock,
} from './work-folder-lock.ts'

export type WorkerSetup = {
  readonly workDir: string
  readonly git: Git
  readonly lock: WorkFolderLock
  readonly jobserver: Jobserver
  readonly ccache: Ccache | null
  readonly tools: Readonly<Record<string, string>>
  readonly close: () => void
}

export type SetupRequest = {
  readonly workDir: string
  readonly uuid: string
  readonly boss: string
  readonly run_id: string
  readonly threads: number
}

/** Opens a work folder, or says who has it. Throws with the reason if it can't be used. */
export async function openWorkerSetup(
  children: Children,
  inherited: Environment,
  request: SetupRequest,
): Promise<{ readonly setup: WorkerSetup } | { readonly holder: LockRecord }> {
  const { uuid, boss, run_id, threads } = request
  const asked = resolve(request.workDir.replace(/^~(?=\/|$)/, homedir()))
  mkdirSync(asked, { recursive: true })
  // git writes real paths into its worktrees; ours have to compare equal.
  const workDir = realpathSync(asked)
  const badPath = pathProblem(workDir)
  if (badPath !== '') throw new Error(badPath)
  const { folder, problems } = openLockFolder(lockFolders(inherited))
  for (const problem of problems) {
    process.stderr.write(`slipway worker: ${problem}: its lock is in ${folder}\n`)
  }
  const answer = await lockWorkFolder(folder, workDir, { uuid, boss, run_id })
  if ('holder' in answer) return answer
  const { lock } = answer
  removeOrphanedFifos(dirname(lock.path))
  const fifoPath = join(dirname(lock.path), `jobs-${uuid}`)
  const reaper = startOrphanReaper({ uuid, lockPaths: [lock.path, lock.sharedPath], fifoPath })
  try {
    const tools = await findTools(children, inherited)
    for (const needed of ['git', 'make']) {
      if (tools[needed] === undefined) throw new Error(`there is no ${needed} in PATH: install it`)
    }
    const git = createGit(children, join(workDir, 'repo.git'), inherited)
    await ensureRepository(git)
    const jobserver = await createJobserver(children, { path: fifoPath, threads, env: inherited })
    const ccache = findProgram('ccache', inherited.PATH ?? '')
    const close = () => {
      jobserver.close()
      lock.releaseNow()
      reaper.stdin?.end()
    }
    return {
      setup: {
        workDir,
        git,
        lock,
        jobserver,
        ccache: ccache === undefined ? null : createCcache(ccache, workDir, inherited),
        tools,
        close,
      },
    }
  } catch (error) {
    lock.releaseNow()
    reaper.stdin?.end()
    throw error
  }
}

/** What workers left that lost their machine's power: job servers that no lock speaks of. */
function removeOrphanedFifos(dir: string): void {
  const names = readdirSync(dir)
  const locks = names.filter((name) => name.endsWith('.lock'))
  const owned = new Set(locks.map((name) => `jobs-${readLockNow(join(dir, name))?.uuid}`))
  for (const name of names) {
    if (name.startsWith('jobs-') && !owned.has(name)) rmSync(join(dir, name), { force: true })
  }
}

/** Versions of the tools that there are. */
async function findTools(children: Children, env: Environment): Promise<Record<string, string>> {
  const names = ['git', 'make', 'ccache', 'dtc']
  const versions = await Promise.all(
    names.map(async (name) => {
      const said = await children.capture([name, '--version'], { cwd: '/', env })
      return said.code === 0 ? (/\d+(\.\d+)+/.exec(said.stdout)?.[0] ?? 'unknown') : null
    }),
  )
  const found = names.flatMap((name, i) =>
    versions[i] == null ? [] : [[name, versions[i]] as const],
  )
  return Object.fromEntries(found)
}
