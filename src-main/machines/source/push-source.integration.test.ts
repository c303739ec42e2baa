import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { commitFiles, git, temporaryRepository } from '../../tree/git/test-git.ts'
import { localTransport } from '../transport/local-transport.ts'
import type { Transport } from '../transport/transport.ts'
import type { PushProgress } from './push-session.ts'
import { pushSource } from './push-source.ts'

let dir: string
let remoteRepo: string
let tree: string
const local = localTransport()
const signal = new AbortController().signal

/** Text that does not compress, so that bytes on the wire say what travelled. */
const noise = (seed: number, length: number) =>
  Array.from({ length }, (_, index) =>
    Math.sin(seed * 1e5 + index)
      .toString(36)
      .slice(3),
  ).join('\n')

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-push-test-'))
  vi.stubEnv('TMPDIR', dir)
  remoteRepo = join(dir, "work/it's mine/repo.git")
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [`src/file${n}.c`, noise(n, 500)]),
  )
  tree = temporaryRepository(files)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true, force: true })
})

async function push(commits: string[], options: { transport?: Transport; gitDir?: string } = {}) {
  const seen: PushProgress[] = []
  const gitDir = options.gitDir ?? join(tree, '.git')
  const to = options.transport ?? local
  const result = await pushSource(to, { gitDir, commits, remoteRepo }, (p) => seen.push(p), signal)
  return {
    result,
    seen,
    ...(result.ok ? result.value : { sentBytes: -1, sentCommits: -1, notes: [] }),
  }
}

/** Folders that pushes make for their own use. */
const packFolders = () => readdirSync(dir).filter((name) => name.startsWith('slipway-pack-'))

function fsck(): void {
  execFileSync('git', ['-C', remoteRepo, 'fsck', '--full', '--strict'], { stdio: 'pipe' })
}

function checkOut(hash: string): string {
  const place = join(dir, `checkout-${hash}`)
  git(remoteRepo, 'worktree', 'add', '--quiet', '--detach', place, hash)
  return git(place, 'status', '--porcelain') + git(place, 'rev-parse', 'HEAD^{tree}')
}

test('the first push brings a commit that can be checked out; the second of one changed file is small', async () => {
  const first = git(tree, 'rev-parse', 'HEAD')
  const initial = await push([first])
  expect(initial).toMatchObject({ sentCommits: 1, notes: [] })
  expect(initial.sentBytes).toBeGreaterThan(100_000)
  expect(initial.seen.at(-1)).toEqual({ sentBytes: initial.sentBytes, fraction: 1 })
  expect(checkOut(first)).toBe(git(tree, 'rev-parse', 'HEAD^{tree}'))

  const second = commitFiles(tree, 'Change one', {
    'src/file7.c': `${noise(7, 500)}\n/* changed */\n`,
  })
  const delta = await push([second])
  expect(delta.sentBytes).toBeLessThan(4000)
  expect(checkOut(second)).toBe(git(tree, 'rev-parse', 'HEAD^{tree}'))
  expect(await push([first, second])).toMatchObject({ sentBytes: 0, sentCommits: 0 })
  fsck()
})

test('a series travels without the history before it', async () => {
  commitFiles(tree, 'Big and old', { 'old.bin': noise(99, 20_000) })
  git(tree, 'rm', '-q', 'old.bin')
  const series = [commitFiles(tree, 'one', { a: '1' }), commitFiles(tree, 'two', { a: '2' })]
  const { sentBytes, sentCommits } = await push(series)
  expect(sentCommits).toBe(2)
  expect(sentBytes).toBeLessThan(250_000)
  for (const hash of series) checkOut(hash)
  fsck()
})

test('a shallow clone, and a snapshot commit that stands alone, go as well', async () => {
  commitFiles(tree, 'more', { b: '1' })
  const clone = join(dir, 'shallow')
  git(dir, 'clone', '-q', '--depth', '1', `file://${tree}`, clone)
  const hash = git(clone, 'rev-parse', 'HEAD')
  const snapshot = git(clone, 'commit-tree', '-m', 'snapshot', '-p', hash, `${hash}^{tree}`)
  const { result } = await push([hash, snapshot], { gitDir: join(clone, '.git') })
  expect(result).toMatchObject({ ok: true })
  checkOut(snapshot)
  fsck()
})

test('refs of earlier pushes are kept for later ones, but not without end', async () => {
  const hashes: string[] = []
  for (let n = 0; n < 35; n++) hashes.push(commitFiles(tree, `c${n}`, { n: `${n}` }))
  await push(hashes)
  await push([commitFiles(tree, 'newest', { n: 'new' })])
  const refs = git(remoteRepo, 'for-each-ref', '--format=%(refname)').split('\n')
  expect(refs).toHaveLength(31)
  fsck()
})

test('many pushes at once into a new repository all arrive', async () => {
  const hashes = [0, 1, 2].map((n) => commitFiles(tree, `c${n}`, { n: `${n}` }))
  const all = await Promise.all(hashes.map((hash) => push([hash])))
  const failed = all.filter(({ result }) => !result.ok)
  // Whoever loses a race over git's lock says so, and comes through the next time.
  for (const [index] of failed.entries()) await push([hashes[index] ?? ''])
  await push(hashes)
  for (const hash of hashes) checkOut(hash)
  fsck()
})

describe('interruptions', () => {
  /** Ends the machine's side after so many bytes of pack. */
  function cutAfter(bytes: number): Transport {
    return {
      ...local,
      async exec(command, options) {
        const cut = command.replace('exec git', `head -c ${bytes} | git`)
        return local.exec(cut, options)
      },
    }
  }

  test.each([300, 5_000, 60_000])(
    'one after %i bytes leaves a sound repository, and the next push works',
    async (bytes) => {
      const first = git(tree, 'rev-parse', 'HEAD')
      const { result } = await push([first], { transport: cutAfter(bytes) })
      expect(result.ok).toBe(false)
      fsck()
      expect(git(remoteRepo, 'for-each-ref')).toBe('')
      expect(await push([first])).toMatchObject({ sentCommits: 1 })
      checkOut(first)
    },
  )

  test('a cancelled push rejects and leaves nothing half there', async () => {
    const stop = new AbortController()
    const hash = git(tree, 'rev-parse', 'HEAD')
    const pending = pushSource(
      local,
      { gitDir: join(tree, '.git'), commits: [hash], remoteRepo },
      () => stop.abort(new Error('enough')),
      stop.signal,
    )
    await expect(pending).rejects.toThrow('enough')
    await expect.poll(packFolders).toEqual([])
    expect(git(remoteRepo, 'for-each-ref')).toBe('')
  })
})

describe('problems in words', () => {
  test('a commit that is not here', async () => {
    const { result } = await push(['1'.repeat(40)])
    expect(result).toMatchObject({
      ok: false,
      problem: { what: expect.stringContaining('local: the source did not get there: ') },
    })
  })

  test('a machine without git, and one that may not write', async () => {
    const without: Transport = {
      ...local,
      exec: (command, options) => local.exec(`PATH=/nowhere; ${command}`, options),
    }
    expect(
      (await push([git(tree, 'rev-parse', 'HEAD')], { transport: without })).result,
    ).toMatchObject({
      problem: {
        what: expect.stringContaining('not found'),
        hint: 'Install git on the machine.',
      },
    })
    remoteRepo = '/proc/nope/repo.git'
    expect((await push([git(tree, 'rev-parse', 'HEAD')])).result).toMatchObject({
      problem: { what: expect.stringContaining('/proc/nope') },
    })
  })

  test.runIf(process.getuid?.() === 0)('a disk that is full in the middle', async () => {
    const disk = join(dir, 'small disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160k', 'slipway-test', disk])
    try {
      remoteRepo = join(disk, 'repo.git')
      const hash = git(tree, 'rev-parse', 'HEAD')
      expect((await push([hash])).result).toMatchObject({
        problem: {
          what: expect.stringContaining('No space left on device'),
          hint: expect.stringContaining('Make room'),
        },
      })
      fsck()
      expect(git(remoteRepo, 'for-each-ref')).toBe('')
      execFileSync('mount', ['-o', 'remount,size=20m', disk])
      expect(await push([hash])).toMatchObject({ sentCommits: 1 })
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  })

  test('submodules and LFS are pointed out', async () => {
    const rules = '# filter=lfs\n*.bin filter=lfs diff=lfs\n'
    commitFiles(tree, 'attributes', { 'blobs/.gitattributes': rules })
    git(tree, 'update-index', '--add', '--cacheinfo', `160000,${'2'.repeat(40)},ext/lib`)
    git(tree, 'commit', '-q', '-m', 'submodule')
    const { notes } = await push([git(tree, 'rev-parse', 'HEAD')])
    expect(notes).toEqual([
      'Submodules stay empty on the machines: ext/lib',
      'Files kept by Git LFS arrive as pointers, not with their contents',
    ])
  })
})

describe('what is there already', () => {
  const pushed = async () => {
    const hash = git(tree, 'rev-parse', 'HEAD')
    const report = await push([hash])
    expect(report.result).toMatchObject({ ok: true })
    expect(git(remoteRepo, 'config', 'core.repositoryformatversion')).toBe('0')
    expect(checkOut(hash)).toBe(git(tree, 'rev-parse', 'HEAD^{tree}'))
  }

  test('an account whose git makes SHA-256 repositories gets one of the source', async () => {
    vi.stubEnv('GIT_DEFAULT_HASH', 'sha256')
    await pushed()
  })

  test.each([
    [
      'of another format',
      () => void git(dir, 'init', '-q', '--bare', '--object-format=sha256', remoteRepo),
    ],
    ['without a HEAD', () => rmSync(join(remoteRepo, 'HEAD'))],
    ['with an empty HEAD', () => writeFileSync(join(remoteRepo, 'HEAD'), '')],
    ['with a spoilt configuration', () => writeFileSync(join(remoteRepo, 'config'), '[core\0')],
    [
      'with a spoilt list of shallow commits',
      () => writeFileSync(join(remoteRepo, 'shallow'), 'xx\n'),
    ],
    ['without its objects', () => emptied('objects')],
    ['that is a file', () => writeFileSync(remoteRepo, 'x')],
  ])('a repository %s is made anew', async (how, spoil) => {
    mkdirSync(dirname(remoteRepo), { recursive: true })
    if (!/format|file/.test(how)) await push([git(tree, 'rev-parse', 'HEAD')])
    spoil()
    await pushed()
  })

  function emptied(folder: string): void {
    rmSync(join(remoteRepo, folder), { recursive: true })
    mkdirSync(join(remoteRepo, folder))
  }
})

test('a machine that takes nothing more is given up with a word, and leaves nothing behind', async () => {
  const deaf: Transport = {
    ...local,
    exec: (command, how) => {
      const advertises = command.replace(
        /exec (git .*) receive-pack "\$repo"$/,
        '$1 receive-pack --http-backend-info-refs "$repo"; exec sleep 1000',
      )
      expect(advertises).not.toBe(command)
      return local.exec(advertises, how)
    },
  }
  const commit = git(tree, 'rev-parse', 'HEAD').trim()
  const what = { gitDir: join(tree, '.git'), commits: [commit], remoteRepo, stallMs: 1000 }
  const result = await pushSource(deaf, what, () => {}, signal)
  expect(result).toMatchObject({
    ok: false,
    problem: {
      what: 'local: nothing moved for 1 s',
      hint: expect.stringContaining('network or one of its disks'),
    },
  })
  await expect.poll(packFolders).toEqual([])
})
