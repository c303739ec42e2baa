import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import type { CommitChoice, RunRequest } from '../../src-core/model.ts'
import { type Boss, createBoss } from '../../src-main/boss/boss.ts'
import type { Asker } from '../../src-main/machines/ssh-login/asker.ts'
import type { Host } from '../lab/host.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import type { BossOrder } from './boss-process.ts'

const run = promisify(execFile)

/** Nobody is there to ask. */
const ask: Asker = {
  hostKey: async () => 'refuse',
  passphrase: async () => null,
  interactive: async () => null,
}

/** Real hosts, a tree of quick boards, and bosses to build it with. */
export type World = {
  readonly lab: Lab
  readonly dir: string
  readonly boards: readonly string[]
  /** Points of the series: the upstream commit and those after it. */
  readonly points: number
  request(outputDir: string, more?: Partial<RunRequest>): RunRequest
  makeBoss(): Boss
  /** The command that makes a boss in a process of its own run this. */
  bossCommand(request: RunRequest): readonly string[]
  /** Runs a command on a host; what it says on stdout. */
  ssh(host: Host, command: string): Promise<string>
  stop(): Promise<void>
}

export const isRoot = process.getuid?.() === 0

/** An architecture that only a compiler of ours builds, so that it can be taken away. */
const arch = 'tiny'
const compiler = '.buildman-toolchains/tiny/bin/tiny-none-elf-gcc'

/** Programs as they are shipped. */
export type Programs = {
  readonly workerFile: string
  readonly scanThread: string
  /** The bundled `boss-process.ts`. */
  readonly bossProcess: string
}

export async function makeWorld(options: {
  readonly hosts: number
  readonly boards: number
  readonly programs: Programs
}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-chaos-'))
  const lab = await startHosts(options.hosts, { isolated: isRoot })
  const treeDir = join(dir, 'tree')
  await makeSyntheticTree(treeDir, { boards: options.boards, buildMs: 150, arch, series: 2 })
  for (const host of lab.hosts) await installCompiler(host.home)
  await installCompiler(join(dir, 'here'))
  const configFile = join(dir, 'buildman')
  await writeFile(configFile, settings(join(dir, 'here'), lab.hosts))
  const { bossProcess, ...files } = options.programs
  const bossOptions = {
    configFile,
    sshConfigFile: lab.sshConfig,
    cacheDir: join(dir, 'cache'),
    stateDir: join(dir, 'state'),
    allowDifferentCompilers: true,
    ...files,
  }
  const commits: CommitChoice = { kind: 'range', range: 'main~2..main' }
  return {
    lab,
    dir,
    boards: Array.from({ length: options.boards }, (_, index) => syntheticBoard(index)),
    points: 2,
    request: (outputDir, more = {}) => ({
      treeDir,
      outputDir,
      boards: Array.from({ length: options.boards }, (_, index) => syntheticBoard(index)),
      commits,
      distribute: true,
      useMachines: [],
      noLocal: true,
      settings: { ...defaultBuildSettings, verboseBuild: true, threads: 2 },
      ...more,
    }),
    makeBoss: () => createBoss({ ...bossOptions, ask }),
    bossCommand(request) {
      const order: BossOrder = { options: bossOptions, request }
      return [process.execPath, bossProcess, JSON.stringify(order)]
    },
    ssh: async (host, command) =>
      (await run('ssh', ['-F', lab.sshConfig, '-o', 'BatchMode=yes', '-n', host.name, command]))
        .stdout,
    stop: async () => {
      await lab.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Puts the compiler (back) on a host or, with another folder, on this computer. */
export async function installCompiler(home: string): Promise<void> {
  const file = join(home, compiler)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(
    file,
    '#!/bin/sh\ncase $1 in -dumpmachine) echo tiny-none-elf ;; *) echo "tiny-gcc 1.0.0" ;; esac\n',
    { mode: 0o755 },
  )
}

export async function removeCompiler(home: string): Promise<void> {
  await rm(join(home, compiler), { force: true })
}

function settings(here: string, hosts: readonly Host[]): string {
  const sections = hosts.map(
    ({ name }) => `[machine:${name}]\nmax_boards = 2\nmin_disk_mb = 0\nmin_memory_mb = 0\n`,
  )
  return [
    `[toolchain]\ntiny = ${join(here, '.buildman-toolchains/tiny')}\n`,
    `[machines]\n${hosts.map(({ name }) => `${name}\n`).join('')}`,
    ...sections,
  ].join('\n')
}
