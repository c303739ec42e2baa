/**
 * Checkouts of the commits to build, made from the bare repository that the boss filled. The worker has
 * the work folder to itself (see lock.ts), so whatever a killed git left behind in a checkout of ours
 * is stale and may go.
 */
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { changeBetween } from '../../src-core/affected/change-between.ts'
import type { SourceChange } from '../../src-core/affected/source-change.ts'
import type { Captured, Children } from '../processes/children.ts'
import type { Environment } from '../tools/environment.ts'

export type Git = {
  /** The bare repository. */
  readonly dir: string
  /** Runs git there, or in a checkout. */
  readonly run: (args: readonly string[], where?: Where) => Promise<Captured>
}

type Where = {
  readonly tree?: string
  readonly slot?: number | undefined
  /** For its stdin. */
  readonly input?: string
}

/**
 * git on a bare repository; it asks no questions, runs no hooks and starts nothing of its own accord.
 * What the account here has set for its own work does not change a file of ours.
 */
export function createGit(children: Children, gitDir: string, inherited: Environment): Git {
  const own = Object.entries(inherited).filter(
    ([name]) => !name.startsWith('GIT_') || name === 'GIT_EXEC_PATH',
  )
  const env = {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    // Filters, attributes, hooks, formats of the account and the system: none of them is ours.
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // There is no server to ask for what the pointers stand for.
    GIT_LFS_SKIP_SMUDGE: '1',
  }
  // The same for what git before 2.32 still reads of the account.
  const settings = [
    'core.hooksPath=/dev/null',
    'core.attributesFile=/dev/null',
    'core.autocrlf=false',
    'core.eol=lf',
    'core.safecrlf=false',
    'core.sparseCheckout=false',
    'core.untrackedCache=false',
    'submodule.recurse=false',
    'safe.directory=*',
    'core.fsmonitor=false',
    'gc.auto=0',
    'advice.detachedHead=false',
  ]
  const safe = settings.flatMap((setting) => ['-c', setting])
  return {
    dir: gitDir,
    run(args, { tree, slot, input } = {}) {
      const where = tree === undefined ? ['--git-dir', gitDir] : ['-C', tree]
      return children.capture(['git', ...where, ...safe, ...args], {
        cwd: '/',
        env,
        ...(slot !== undefined && { slot }),
        ...(input !== undefined && { input }),
      })
    },
  }
}

/** A git command failed: which, and what it said. */
export class WorktreeError extends Error {
  constructor(args: readonly string[], said: Captured) {
    const command = args
      .filter((a) => !a.startsWith('-'))
      .slice(0, 2)
      .join(' ')
    super(`git ${command} failed (${said.signal || said.code}): ${said.stderr.trim().slice(-2000)}`)
    this.name = 'GitError'
  }
}

async function must(git: Git, args: readonly string[], where?: Where): Promise<string> {
  const said = await git.run(args, where)
  if (said.code !== 0) throw new WorktreeError(args, said)
  return said.stdout
}

/** Makes the repository if there is none yet; one that is there stays as it is. */
export async function ensureRepository(git: Git): Promise<void> {
  await must(git, ['init', '--quiet', '--bare', '--template='])
}

/** Full hashes of the series; null stands for HEAD. Throws an error that names what is missing. */
export async function resolveCommits(
  git: Git,
  commits: readonly (string | null)[],
): Promise<string[]> {
  const names = commits.map((commit) => commit ?? 'HEAD')
  const input = names.map((name) => `${name.replaceAll('\n', ' ')}^{commit}\n`).join('')
  const said = await must(git, ['cat-file', '--batch-check=%(objectname)'], { input })
  return said
    .trimEnd()
    .split('\n')
    .map((line, i) => {
      if (/^[0-9a-f]{40,64}$/.test(line)) return line
      throw new Error(`there is no commit ${names[i]} in ${git.dir}: was it pushed?`)
    })
}

/** Files that differ between two commits; paths from the top of the tree. */
export async function changedFiles(git: Git, from: string, to: string): Promise<string[]> {
  if (from === to) return []
  const out = await must(git, ['diff', '--name-only', '--no-renames', '-z', from, to, '--'])
  return out.split('\0').filter((path) => path !== '')
}

/** What differs between two commits, as far as it can mean something for builds. */
export function sourceChange(git: Git, from: string, to: string): Promise<SourceChange> {
  const ask = async (args: readonly string[], input?: string) => {
    const said = await git.run(args, input === undefined ? {} : { input })
    const foundNothing = args[0] === 'grep' && said.code === 1
    if (said.code !== 0 && !foundNothing) throw new WorktreeError(args, said)
    return said.stdout
  }
  return changeBetween(ask, from, to)
}

/**
 * Whether C code of a checkout takes in whole files (`.incbin` in inline assembly), which the compiler's
 * list of what a file depends on does not name. Where git can't tell, it counts as yes.
 */
export async function embedsFiles(git: Git, tree: string, slot: number): Promise<boolean> {
  const search = ['grep', '--quiet', '-I', '--fixed-strings', 'incbin', '--', '*.c', '*.h']
  const noMatch = 1
  return (await git.run(search, { tree, slot })).code !== noMatch
}

/**
 * Brings a checkout to a commit, making it where there is none. One that is damaged (a killed git, a
 * removed folder) is mended, or thrown away and made anew. Build folders inside it stay as they are.
 */
export async function checkOut(git: Git, tree: string, hash: string, slot?: number): Promise<void> {
  await removeStaleLocks(git, tree)
  if (await isCheckout(git, tree)) {
    const moved = await git.run(['checkout', '--quiet', '--force', '--detach', hash], {
      tree,
      slot,
    })
    if (moved.code === 0) return
  }
  await rm(tree, { recursive: true, force: true })
  await oneAtATime(git, async () => {
    await must(git, ['worktree', 'prune'], { slot })
    const add = ['worktree', 'add', '--quiet', '--force', '--detach', '--no-checkout', tree, hash]
    await must(git, add, { slot })
  })
  await must(git, ['checkout', '--quiet', '--force', '--detach', hash], { tree, slot })
}

const turns = new WeakMap<Git, Promise<void>>()

/** Git reads what it keeps of all checkouts while it adds one, and fails over another that is half made. */
async function oneAtATime(git: Git, work: () => Promise<void>): Promise<void> {
  const done = (turns.get(git) ?? Promise.resolve()).then(work)
  turns.set(
    git,
    done.catch(() => {}),
  )
  await done
}

/** The folder below `worktrees/` that a checkout's `.git` file points at, if it is one of ours. */
async function adminDir(git: Git, tree: string): Promise<string | null> {
  try {
    const link = (await readFile(join(tree, '.git'), 'utf8')).replace(/^gitdir: /, '').trim()
    const dir = resolve(tree, link)
    return dir.startsWith(join(git.dir, 'worktrees/')) ? dir : null
  } catch {
    return null
  }
}

async function isCheckout(git: Git, tree: string): Promise<boolean> {
  const dir = await adminDir(git, tree)
  return dir !== null && (await stat(join(dir, 'HEAD')).catch(() => null)) !== null
}

async function removeStaleLocks(git: Git, tree: string): Promise<void> {
  const dir = await adminDir(git, tree)
  if (dir === null) return
  const names = await readdir(dir).catch(() => [])
  const locks = names.filter((name) => name.endsWith('.lock'))
  await Promise.all(locks.map((name) => rm(join(dir, name), { force: true })))
}
