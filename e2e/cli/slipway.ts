import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import type { JsonBuild } from '../../src-main/cli/text/json-report.ts'
import { bundlePrograms } from '../programs.ts'

/** The command as it is shipped, with a home, a cache and a history of its own. */
export type Slipway = {
  /** Everything of it; below it are `home`, `cache` and `state`. */
  readonly dir: string
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** Node and the program. */
  readonly command: readonly string[]
  /** Runs it to its end. */
  run(args: readonly string[], options?: StartOptions): Promise<Ended>
  start(args: readonly string[], options?: StartOptions): Started
  /** Commands of all processes that belong to it: itself, its workers and what they build. */
  processes(): Promise<string[]>
  /** Ends what is still running and deletes `dir`. */
  remove(): Promise<void>
}

export type StartOptions = {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** A link to the program, which is to be called by that name. */
  readonly program?: string
}

export type Ended = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export type Started = {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Settles when stdout and stderr together hold the text. */
  until(text: string | RegExp): Promise<void>
}

/** The command with everything that it needs, in a folder of its own. */
export async function makeSlipway(): Promise<Slipway> {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-cli-'))
  const { cli } = await bundlePrograms(join(dir, 'program'))
  const home = join(dir, 'home')
  await mkdir(home)
  const { NO_COLOR: _, ...inherited } = process.env
  const env = {
    ...inherited,
    HOME: home,
    XDG_CACHE_HOME: join(dir, 'cache'),
    XDG_STATE_HOME: join(dir, 'state'),
  }
  const running = new Set<ChildProcess>()

  function start(args: readonly string[], options: StartOptions = {}): Started {
    const child = spawn(process.execPath, [options.program ?? cli, ...args], {
      cwd: options.cwd ?? dir,
      env: { ...env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    const said = { stdout: '', stderr: '' }
    let heard = () => {}
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text
        heard()
      })
    }
    const ended = once(child, 'close').then(([code]): Ended => {
      running.delete(child)
      return { code: code as number | null, ...said }
    })
    const until = (text: string | RegExp) =>
      new Promise<void>((resolve, reject) => {
        heard = () => {
          const all = said.stdout + said.stderr
          if (typeof text === 'string' ? all.includes(text) : text.test(all)) resolve()
        }
        heard()
        void ended.then(() => reject(new Error(`no "${text}" in ${said.stdout}${said.stderr}`)))
      })
    return { child, ended, until }
  }

  return {
    dir,
    home,
    env,
    command: [process.execPath, cli],
    start,
    run: (args, options) => start(args, options).ended,
    processes: async () => (await processesOf(home)).map(({ command }) => command),
    async remove() {
      for (const child of running) child.kill('SIGKILL')
      await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A home of its own is in the environment of everything that was started with it. */
export async function processesOf(home: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const read = (pid: string, file: string) =>
    readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
  const found = await Promise.all(
    pids.map(async (pid) => {
      const isOurs = (await read(pid, 'environ')).split('\0').includes(`HOME=${home}`)
      const command = isOurs ? (await read(pid, 'cmdline')).replaceAll('\0', ' ').trim() : ''
      return { pid: Number(pid), command }
    }),
  )
  return found.filter(({ command }) => command !== '')
}

export type JsonLine = { readonly event: string } & Record<string, unknown>

/** What `--json` printed: the events, and the last line apart. */
export function readJson(stdout: string): {
  readonly events: readonly (JsonLine & Partial<RunEvent>)[]
  readonly finished: {
    readonly event: string
    readonly exitCode: number
    readonly builds: JsonBuild[]
  }
} {
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return { events: lines.slice(0, -1), finished: lines.at(-1) }
}

/** Writes `~/.buildman`. */
export async function writeSettings(slipway: Slipway, text: string): Promise<void> {
  await writeFile(join(slipway.home, '.buildman'), text)
}
