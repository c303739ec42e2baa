import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a person's session has on a system that was just installed. */
const environment = ['PATH=/usr/bin:/bin', 'LANG=C.UTF-8']

/**
 * A throw-away copy of this system to install packages in: the same files below an overlay, in mount
 * and process namespaces of its own. Needs root and a kernel that has overlays.
 */
export class CleanSystem {
  private readonly keeper: ChildProcess
  private readonly pid: string
  private readonly dir: string

  private constructor(keeper: ChildProcess, pid: string, dir: string) {
    this.keeper = keeper
    this.pid = pid
    this.dir = dir
  }

  /** Rejects where this system can't have one, with what it said. */
  static async open(): Promise<CleanSystem> {
    const dir = await mkdtemp(join(tmpdir(), 'slipway-system-'))
    const script = join(import.meta.dirname, 'clean-system.sh')
    const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child']
    const keeper = spawn('unshare', [...namespaces, 'sh', script, dir], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let said = ''
    keeper.stderr.on('data', (text) => {
      said += text
    })
    for await (const line of createInterface(keeper.stdout)) {
      const pid = /^pid (\d+)$/.exec(line)?.[1]
      if (pid !== undefined) return new CleanSystem(keeper, pid, dir)
    }
    await rm(dir, { recursive: true, force: true })
    throw new Error(said.trim())
  }

  /** Copies a file or folder into it, to a path as it sees it, for `builder` to use. */
  async copyIn(from: string, to: string): Promise<void> {
    const target = join(this.dir, 'system', to)
    await this.enter('cp', ['-r', from, target])
    await this.asRoot('chown', '-R', 'builder', to)
  }

  /** Runs a program to its end; gives what it said on stdout, rejects with all it said if it failed. */
  asRoot(...words: readonly string[]): Promise<string> {
    return this.enter('chroot', [this.system, 'env', '-i', ...environment, ...words])
  }

  /** The same as an ordinary user. */
  asBuilder(...words: readonly string[]): Promise<string> {
    return this.enter('chroot', this.builderWords(words))
  }

  /** Starts a program of an ordinary user; it ends with the system at the latest. */
  start(words: readonly string[], options: SpawnOptions): ChildProcess {
    return spawn('nsenter', [...this.place, 'chroot', ...this.builderWords(words)], options)
  }

  async close(): Promise<void> {
    const ended = once(this.keeper, 'exit')
    this.keeper.stdin?.end()
    await ended
    await rm(this.dir, { recursive: true, force: true })
  }

  private get system(): string {
    return join(this.dir, 'system')
  }

  private get place(): readonly string[] {
    return ['--target', this.pid, '--mount', '--pid']
  }

  private builderWords(words: readonly string[]): readonly string[] {
    const user = ['--userspec=builder:builder', this.system]
    return [
      ...user,
      'env',
      '-i',
      '-C',
      '/home/builder',
      'HOME=/home/builder',
      ...environment,
      ...words,
    ]
  }

  private async enter(program: string, args: readonly string[]): Promise<string> {
    const { stdout } = await run('nsenter', [...this.place, program, ...args], {
      maxBuffer: 1 << 26,
    })
    return stdout
  }
}
