import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Host } from '../lab/host.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { ensureUBootTree } from './u-boot-tree.ts'

const run = promisify(execFile)

/** Hosts with mounts and processes of their own need it. */
export const isRoot = process.getuid?.() === 0

/** Boards that Debian's compilers build without blobs: three architectures, and sandbox. */
export const boards = [
  { target: 'integratorcp_cm920t', arch: 'arm', cross: 'arm-linux-gnueabi-' },
  { target: 'xenguest_arm64', arch: 'aarch64', cross: 'aarch64-linux-gnu-' },
  { target: 'qemu-riscv64', arch: 'riscv64', cross: 'riscv64-linux-gnu-' },
  { target: 'qemu-riscv64_smode', arch: 'riscv64', cross: 'riscv64-linux-gnu-' },
  { target: 'tools-only', arch: 'sandbox', cross: '' },
] as const

export const targets = boards.map(({ target }) => target).sort()

/**
 * Compiles are shared by all hosts and by the makes they are compared with, and kept for the next
 * time: hosts have homes of their own, which go with them.
 */
export const ccacheDir = '/var/tmp/slipway-real-ccache'

/** What came of builds by hand, by board, source and compiler. */
export const byHandDir = '/var/tmp/slipway-real-by-hand'

/** Three real hosts, each with something amiss, a U-Boot tree to work in, and a person's home. */
export type World = {
  readonly dir: string
  /** A clone of the Debian tree; the branch `series` is three commits ahead of `debian`. */
  readonly tree: string
  readonly lab: Lab
  /** Has no Node; lacks the compiler for riscv64; has one core. */
  readonly hosts: { readonly noNode: Host; readonly noRiscv: Host; readonly oneCore: Host }
  /** What Slipway sees of the person: settings, caches and history. */
  readonly env: NodeJS.ProcessEnv
  git(...args: string[]): Promise<string>
  stop(): Promise<void>
}

const names = ['kea', 'moa', 'tui'] as const

export async function makeWorld(): Promise<World> {
  const dir = await makeWorldFolder()
  await mkdir(ccacheDir, { recursive: true })
  const tree = join(dir, 'u-boot')
  const cloned = cloneTree(tree)
  const lab = await startHosts(names.length, {
    isolated: isRoot,
    names,
    each: (index) => ({
      env: { CCACHE_DIR: ccacheDir },
      ...(index === 0 && { without: ['node', 'nodejs', 'npm'] }),
      ...(index === 2 && { cpus: '0' }),
    }),
  })
  const [noNode, noRiscv, oneCore] = lab.hosts as [Host, Host, Host]
  await cloned
  if (isRoot) await hideCompiler(lab, noRiscv, 'riscv64-linux-gnu-gcc')
  const home = join(dir, 'home')
  await mkdir(home)
  await writeFile(join(home, '.buildman'), settings(lab))
  return {
    dir,
    tree,
    lab,
    hosts: { noNode, noRiscv, oneCore },
    env: {
      ...process.env,
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_STATE_HOME: join(home, '.local/state'),
      SLIPWAY_SSH_CONFIG: lab.sshConfig,
      SLIPWAY_BUILDMAN: join(home, '.buildman'),
      CCACHE_DIR: ccacheDir,
    },
    git: (...args) => git(tree, ...args),
    async stop() {
      await lab.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/**
 * A folder of the same name each time, as long as no other test has it: the tree's path is in the paths
 * that hosts build in, and the cache of compiles answers quicker where those are the same.
 */
async function makeWorldFolder(): Promise<string> {
  const dir = join(tmpdir(), 'slipway-real')
  try {
    await mkdir(dir)
    return dir
  } catch {
    return mkdtemp(`${dir}-`)
  }
}

/** What still runs on any host, as `host: command`. */
export async function processesOn({ lab }: World): Promise<string[]> {
  const all = await Promise.all(
    lab.hosts.map(async (host) =>
      (await host.processes()).map(({ command }) => `${host.name}: ${command}`),
    ),
  )
  return all.flat()
}

/** The first line of a result's file; empty if it is not there. */
export async function resultLine(dir: string, board: string, name: string): Promise<string> {
  const file = join(dir, board, name)
  return existsSync(file) ? ((await readFile(file, 'utf8')).split('\n')[0] ?? '').trim() : ''
}

async function cloneTree(tree: string): Promise<void> {
  await run('git', ['clone', '-q', await ensureUBootTree(), tree])
  await git(tree, 'config', 'user.name', 'Lab')
  await git(tree, 'config', 'user.email', 'lab@example.com')
  await git(tree, 'checkout', '-q', '-b', 'series', '--track', 'debian')
  await commit(tree, 'arm: Say a word more', 'arch/arm/include/asm/config.h', '/* A word more. */')
  await commit(
    tree,
    'riscv: Break every board',
    'arch/riscv/Makefile',
    '$(error broken on purpose)',
  )
  await commit(tree, 'sandbox: Say a word more', 'arch/sandbox/include/asm/config.h', '/* More. */')
  await git(tree, 'checkout', '-q', 'debian')
}

/**
 * Adds a line to a file that every board of its architecture reads. An `#error` would not do: a
 * header that can't be read fails `make cfg` only where it configures from scratch.
 */
async function commit(tree: string, subject: string, file: string, line: string): Promise<void> {
  await appendLine(tree, file, line)
  await git(tree, 'commit', '-q', '-a', '-m', subject)
}

export async function appendLine(tree: string, file: string, line: string): Promise<void> {
  const path = join(tree, file)
  await writeFile(path, `${await readFile(path, 'utf8')}\n${line}\n`)
}

async function git(dir: string, ...args: string[]): Promise<string> {
  return (await run('git', ['-C', dir, ...args])).stdout.trim()
}

/** For this host alone the compiler is a file that does not run. */
async function hideCompiler(lab: Lab, host: Host, name: string): Promise<void> {
  const command = `mount --bind /dev/null "$(readlink -f "$(command -v ${name})")"`
  await run('ssh', ['-F', lab.sshConfig, '-n', host.name, command])
}

/** The sandbox is built without a screen: SDL's headers are not needed for anything else. */
function settings({ hosts }: Lab): string {
  const sections = hosts.map(({ name }) => `[machine:${name}]\nmax_load_per_core = 1000\n`)
  return [
    '[toolchain]\nroot = /\n',
    '[make-flags]\ntools-only = NO_SDL=1\n',
    `[machines]\n${hosts.map(({ name }) => `${name}\n`).join('')}`,
    ...sections,
  ].join('\n')
}
