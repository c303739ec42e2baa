import { execFile } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, readJson, type Slipway, writeSettings } from './slipway.ts'

/** Machines whose home is one folder, as on a file server, and one machine under two names. */

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0
const boards = Array.from({ length: 40 }, (_, index) => syntheticBoard(index))

let slipway: Slipway
let tree = ''
/** What make builds without us, by `board/file`. */
const byHand = new Map<string, string>()
const files = ['u-boot.bin', '.config'] as const

/** Where a home has a folder `meet`, no board ends before both hosts have begun one. */
const meeting = `if [ -d "$HOME/meet" ]; then
  : > "$HOME/meet/$(hostname)"
  until [ -e "$HOME/meet/h1" ] && [ -e "$HOME/meet/h2" ]; do sleep 0.1; done
fi`

beforeAll(async () => {
  slipway = await makeSlipway()
  tree = join(slipway.dir, 'tree')
  await makeSyntheticTree(tree, { boards: boards.length, buildMs: 100 })
  const script = join(tree, 'scripts', 'build.sh')
  await writeFile(script, (await readFile(script, 'utf8')).replace(/^sleep .*$/m, `$&\n${meeting}`))
  const out = join(slipway.dir, 'by-hand')
  const byHandScript = `for board in ${boards.join(' ')}; do
    mkdir -p ${out}/$board && make -s O=${out}/$board $board\\_defconfig && make -s O=${out}/$board || exit
  done`
  await run('sh', ['-c', byHandScript], { cwd: tree })
  for (const board of boards) {
    for (const file of files) {
      byHand.set(`${board}/${file}`, await readFile(join(out, board, file), 'utf8'))
    }
  }
}, 300_000)
afterAll(() => slipway?.remove())

/** A busy computer is one more machine all the same. */
async function configure(names: readonly string[]): Promise<void> {
  const limits = names.map(
    (name) =>
      `[machine:${name}]\nmax_boards = 2\nmax_load_per_core = 1000\nmin_disk_mb = 0\nmin_memory_mb = 0\n`,
  )
  const hosts = names.map((name) => `${name} = ${name}\n`).join('')
  await writeSettings(slipway, `[machines]\n${hosts}\n${limits.join('')}`)
}

async function build(lab: Lab, out: string, ...more: string[]) {
  const args = ['--dist', '--no-local', '-k', '--boards', boards.join(','), '-o', out, '--json']
  const { code, stdout, stderr } = await slipway.run([...args, ...more], {
    cwd: tree,
    env: { SLIPWAY_SSH_CONFIG: lab.sshConfig },
  })
  return { code, stderr, ...readJson(stdout) }
}

async function keptFiles(out: string): Promise<Map<string, string>> {
  const kept = new Map<string, string>()
  for (const board of boards) {
    for (const file of files) {
      const path = join(out, 'current', board, file)
      kept.set(`${board}/${file}`, await readFile(path, 'utf8').catch(() => 'missing'))
    }
  }
  return kept
}

/** A library that takes file locks and hard links away, as a file server may. */
async function withoutLocks(dir: string): Promise<string> {
  await writeFile(
    join(dir, 'no-locks.c'),
    `#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
static int refuse(int why) { errno = why; return -1; }
int flock(int fd, int how) { return refuse(ENOLCK); }
int link(const char *from, const char *to) { return refuse(EPERM); }
int linkat(int a, const char *from, int b, const char *to, int how) { return refuse(EPERM); }
int fcntl(int fd, int what, ...) {
  va_list rest;
  va_start(rest, what);
  void *value = va_arg(rest, void *);
  va_end(rest);
  if (what == F_SETLK || what == F_SETLKW || what == F_GETLK) return refuse(ENOLCK);
  int (*real)(int, int, ...) = (int (*)(int, int, ...))dlsym(RTLD_NEXT, "fcntl");
  return real(fd, what, value);
}
int fcntl64(int fd, int what, ...) {
  va_list rest;
  va_start(rest, what);
  void *value = va_arg(rest, void *);
  va_end(rest);
  return fcntl(fd, what, value);
}
`,
  )
  const library = join(dir, 'no-locks.so')
  await run('cc', ['-shared', '-fPIC', '-w', '-o', library, join(dir, 'no-locks.c'), '-ldl'])
  return library
}

test.runIf(isRoot).each(['with file locks', 'without file locks and hard links'])(
  'machines with one home build the images that make builds: a home %s',
  async (how) => {
    const dir = await mkdtemp(join(tmpdir(), 'slipway-shared-home-'))
    const env = how === 'with file locks' ? {} : { LD_PRELOAD: await withoutLocks(dir) }
    // /tmp is each host's own; the library lies where all of them see it.
    if (env.LD_PRELOAD) {
      await mkdir('/dev/shm/slipway-shared-home', { recursive: true })
      const seen = '/dev/shm/slipway-shared-home/no-locks.so'
      await run('cp', [env.LD_PRELOAD, seen])
      env.LD_PRELOAD = seen
    }
    const lab = await startHosts(2, { isolated: true, sharedHome: true, each: { env } })
    try {
      await configure(['h1', 'h2'])
      await mkdir(join(lab.host('h1').home, 'meet'))
      const out = join(dir, 'out')
      const { code, stderr, finished } = await build(lab, out)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(finished.builds.map(({ outcome }) => outcome)).toEqual(boards.map(() => 'ok'))
      expect(await keptFiles(out)).toEqual(byHand)
      const work = join(lab.host('h1').home, '.cache/slipway/work')
      const builders = new Set(finished.builds.map(({ machine }) => machine))
      expect([...builders].sort()).toEqual(['h1', 'h2'])
      // Each has a folder of its own.
      expect((await readdir(work)).sort()).toEqual(['h1', 'h2'])
      // No lock is left.
      const left = (await readdir(work, { recursive: true })).filter((name) => /\/lock$/.test(name))
      expect(left).toEqual([])
    } finally {
      await lab.stop()
      await rm(dir, { recursive: true, force: true })
      await rm('/dev/shm/slipway-shared-home', { recursive: true, force: true })
    }
  },
  300_000,
)

test('one machine under two names is used once, and the other name says so', async () => {
  const lab = await startHosts(1)
  const out = join(slipway.dir, 'twins')
  try {
    const config = await readFile(lab.sshConfig, 'utf8')
    await appendFile(lab.sshConfig, `\n${config.replace(/^Host h1$/m, 'Host twin')}`)
    await configure(['h1', 'twin'])
    const { code, events, finished } = await build(lab, out)
    expect(code).toBe(0)
    const users = new Set(finished.builds.map(({ machine }) => machine))
    expect(users.size).toBe(1)
    const [user = ''] = users
    const other = user === 'h1' ? 'twin' : 'h1'
    const told = events.filter((event) => JSON.stringify(event).includes('is the same computer as'))
    expect(JSON.stringify(told)).toContain(`is the same computer as ${user}: not used twice`)
    expect(told.map((event) => ('machine' in event ? event.machine : ''))).toContain(other)
    expect(await keptFiles(out)).toEqual(byHand)
  } finally {
    await lab.stop()
  }
}, 300_000)
