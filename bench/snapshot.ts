/**
 * The commit of what is on disk, for a real tree: the first one reads every file, later ones only what
 * changed. Usage: npm run bench snapshot [TREE]  (default: the real tests' tree)
 */
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureUBootTree } from '../e2e/real/u-boot-tree.ts'
import { snapshotCurrentSource } from '../src-main/tree/snapshot/test-snapshot.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-bench-snapshot-'))
const tree = join(work, 'tree')
const git = (...args: string[]) => execFileSync('git', args, { cwd: tree })

async function time(what: string, cacheDir: string): Promise<void> {
  const start = performance.now()
  const result = await snapshotCurrentSource(tree, { cacheDir })
  if (!result.ok) throw new Error(result.problem.what)
  console.log(`| ${what} | ${(performance.now() - start).toFixed(0)} |`)
}

try {
  const source = process.argv[2] ?? (await ensureUBootTree())
  cpSync(source, tree, { recursive: true, filter: (file) => !file.endsWith('/.git') })
  console.log('| snapshot | ms |\n| --- | --- |')
  await time('a tree without git, first', join(work, 'without'))
  await time('a tree without git, again', join(work, 'without'))
  git('init', '-q')
  git('add', '-A', '-f')
  git('-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', 'commit', '-q', '-m', 'Start')
  await time('a repository, first', join(work, 'with'))
  await time('a repository, again', join(work, 'with'))
  appendFileSync(join(tree, 'Makefile'), '# changed\n')
  await time('a repository, one file changed', join(work, 'with'))
  await time('a repository, still that file', join(work, 'with'))
} finally {
  rmSync(work, { recursive: true, force: true })
}
