import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { downloadSource, unpack } from './debian-source.ts'

/**
 * A real U-Boot tree to test with: Debian 12's source package as a git repository. The upstream
 * release is the first commit (branch `upstream`), each of Debian's patches is one more on
 * `debian`, which has `upstream` as its upstream: a real series.
 */

const run = promisify(execFile)

/** Where the tree is kept for the next time, unless SLIPWAY_UBOOT_TREE names another one. */
export const treeDir =
  process.env.SLIPWAY_UBOOT_TREE ?? join(homedir(), '.cache', 'slipway-test', 'u-boot-2023.01')

const day = '2023-01-09T16:07:33Z'
const identity = {
  GIT_AUTHOR_NAME: 'Debian',
  GIT_AUTHOR_EMAIL: 'debian@example.com',
  GIT_AUTHOR_DATE: day,
  GIT_COMMITTER_NAME: 'Debian',
  GIT_COMMITTER_EMAIL: 'debian@example.com',
  GIT_COMMITTER_DATE: day,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

/** Makes the tree if it is not there yet, which takes about half a minute; returns its folder. */
export async function ensureUBootTree(): Promise<string> {
  if (existsSync(treeDir)) return treeDir
  const work = `${treeDir}.${process.pid}`
  await mkdir(work, { recursive: true })
  try {
    const { original, debian } = await downloadSource('2023.01', work)
    if (debian === undefined) throw new Error("Debian's patches of U-Boot 2023.01 are not there")
    const tree = join(work, 'tree')
    await unpack(original, tree)
    await run('tar', ['-xf', debian, '-C', work])
    await commitSeries(tree, join(work, 'debian', 'patches'))
    await rename(tree, treeDir).catch((error: unknown) => {
      // Another test run was quicker; its tree is the same.
      if (!existsSync(treeDir)) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return treeDir
}

async function commitSeries(tree: string, patches: string): Promise<void> {
  await git(tree, 'init', '-q', '-b', 'upstream')
  await git(tree, 'config', 'gc.auto', '0')
  await git(tree, 'add', '-A', '-f')
  await git(tree, 'commit', '-q', '-m', 'U-Boot 2023.01')
  await git(tree, 'checkout', '-q', '-b', 'debian', '--track', 'upstream')
  const series = await readFile(join(patches, 'series'), 'utf8')
  for (const line of series.split('\n')) {
    const name = line.replace(/#.*/, '').trim()
    if (!name) continue
    const patch = await readFile(join(patches, name), 'utf8')
    await applyPatch(tree, join(patches, name))
    await git(tree, 'add', '-A', '-f')
    await git(tree, 'commit', '-q', '-m', subjectOf(patch, name))
  }
  await git(tree, 'gc', '-q')
}

/** With patch(1), as Debian does: some of the patches apply only with fuzz. */
async function applyPatch(tree: string, file: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn('patch', ['-p1', '-s', '-N', '--no-backup-if-mismatch', '-i', file], {
      cwd: tree,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (data) => {
      output += String(data)
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`patch ${file} ended with ${code}: ${output}`)),
    )
  })
}

function subjectOf(patch: string, name: string): string {
  const subject = /^Subject: (?:\[PATCH[^\]]*\] )?(.+)$/m.exec(patch)?.[1]
  return subject ?? `Apply ${name}`
}

async function git(dir: string, ...args: string[]): Promise<void> {
  await run('git', args, { cwd: dir, env: { ...process.env, ...identity } })
}
