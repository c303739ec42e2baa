/**
 * The sample tree as a git repository: what is built when nothing else is given.
 * Its files are in `resources/sample-tree`; see the README there.
 */
import { execFile } from 'node:child_process'
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { fail, ok, type Result } from '../../src-core/result.ts'

const run = promisify(execFile)

/** Tells a sample tree from anything else that may be in the folder. */
const MARKER = 'slipway-sample-tree'

const AUTHOR = 'Jo Keel'
const EMAIL = 'jo@quayside.example'
const FIRST_COMMIT_AT = '2026-01-05T09:00:00Z'

type Branch = { readonly name: string; readonly from: string; readonly patches: string }

const branches: readonly Branch[] = [
  { name: 'main', from: '', patches: '1-main' },
  { name: 'harbour/slip', from: 'main', patches: '3-slip' },
  { name: 'work', from: 'main', patches: '2-work' },
]

/**
 * Makes the sample tree in `dir` unless it is there. The commits are the same
 * everywhere. A folder that appears is complete: it is made beside `dir` and
 * renamed, so two callers at once both end with one tree. What a person changed
 * in it stays; a folder that is something else is refused.
 */
export async function ensureSampleTree(
  resourceDir: string,
  dir: string,
): Promise<Result<{ created: boolean }>> {
  if (await isSampleTree(dir)) return ok({ created: false })
  await mkdir(dirname(dir), { recursive: true })
  const making = await mkdtemp(`${dir}.making-`)
  try {
    await makeRepository(resourceDir, making)
    await rename(making, dir)
    return ok({ created: true })
  } catch (error) {
    if (await isSampleTree(dir)) return ok({ created: false })
    return explain(error, dir)
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

function explain(error: unknown, dir: string): Result<never> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') {
    return fail(
      `${dir} is not empty, and not a sample tree`,
      'Choose another folder, or move it away.',
    )
  }
  if (
    code === 'ENOENT' &&
    error instanceof Error &&
    'syscall' in error &&
    error.syscall === 'spawn git'
  ) {
    return fail('The sample tree needs git, which was not found', 'Install git.')
  }
  throw new Error(`cannot make the sample tree in ${dir}`, { cause: error })
}

async function isSampleTree(dir: string): Promise<boolean> {
  return stat(join(dir, '.git', MARKER)).then(
    (found) => found.isFile(),
    () => false,
  )
}

async function makeRepository(resourceDir: string, dir: string): Promise<void> {
  await cp(join(resourceDir, 'base'), dir, { recursive: true })
  await rename(join(dir, 'gitignore'), join(dir, '.gitignore'))
  await makeScriptsExecutable(dir)
  await git(dir, 'init', '-q', '--template=', '-b', 'main')
  await git(dir, 'add', '-A')
  await git(dir, 'commit', '-q', '-m', 'Quayside firmware 2099.01')
  for (const branch of branches) {
    if (branch.from) await git(dir, 'checkout', '-q', '-b', branch.name, branch.from)
    await applyPatches(dir, join(resourceDir, 'history', branch.patches))
  }
  await nameUpstream(dir)
  await writeFile(join(dir, '.git', MARKER), '')
}

async function applyPatches(dir: string, patchDir: string): Promise<void> {
  const patches = (await readdir(patchDir)).filter((name) => name.endsWith('.patch')).sort()
  const paths = patches.map((name) => join(patchDir, name))
  await git(dir, 'am', '-q', '--committer-date-is-author-date', ...paths)
}

/** `origin` is the repository itself, so that a series has an upstream without a second copy. */
async function nameUpstream(dir: string): Promise<void> {
  await git(dir, 'remote', 'add', 'origin', '.')
  await git(dir, 'update-ref', 'refs/remotes/origin/main', 'main')
  for (const branch of branches) {
    await git(dir, 'branch', '-q', '--set-upstream-to=origin/main', branch.name)
  }
}

/** Packaging may lose the mode of a file, so it is taken from the content. */
async function makeScriptsExecutable(dir: string): Promise<void> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name)
    const script = (await readFile(path, 'latin1')).startsWith('#!')
    await chmod(path, script ? 0o755 : 0o644)
  }
}

/** Without the user's settings, hooks and identity, which would change the commits. */
async function git(dir: string, ...args: string[]): Promise<void> {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: AUTHOR,
    GIT_AUTHOR_EMAIL: EMAIL,
    GIT_AUTHOR_DATE: FIRST_COMMIT_AT,
    GIT_COMMITTER_NAME: AUTHOR,
    GIT_COMMITTER_EMAIL: EMAIL,
    GIT_COMMITTER_DATE: FIRST_COMMIT_AT,
    LC_ALL: 'C',
  }
  await run('git', ['-c', 'core.autocrlf=false', '-c', 'gc.auto=0', ...args], { cwd: dir, env })
}
