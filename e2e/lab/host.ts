import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { processId } from '../../src-system/process-id.ts'
import { account, type HostDir, type HostOptions, type HostView } from './files.ts'
import type { Network } from './network.ts'
import { type HostProcess, processesInNamespaceOf, processesOfTree } from './processes.ts'

/** One OpenSSH server with a home of its own. It is up when the lab hands it out. */
export type Host = {
  /** What `ssh -F lab.sshConfig` calls it. */
  readonly name: string
  readonly address: string
  readonly port: number
  /** Its folders as this machine sees them. */
  readonly home: string
  readonly etc: string
  readonly tmp: string
  readonly run: string
  /** What its sshd says. */
  readonly log: string
  /** Everything that runs there, without sshd. */
  processes(): Promise<HostProcess[]>
  /** Ends every process at once. `power`: an isolated host's cable goes first, so peers hear nothing. */
  kill(how?: 'crash' | 'power'): Promise<void>
  /** Starts it again after `kill`: same keys, same files, an empty /run. */
  boot(): Promise<void>
  /** Freezes every process; connections stay open and silent. */
  hang(): Promise<void>
  resume(): Promise<void>
  /** Isolated hosts only: nobody can reach it, it keeps running, and neither side is told. */
  cut(): Promise<void>
  heal(): Promise<void>
  /** Isolated hosts only: what /proc/loadavg says. */
  setLoad(loadavg: string): Promise<void>
}

export type HostPlan = {
  readonly name: string
  readonly index: number
  readonly dir: HostDir
  readonly address: string
  readonly port: number
  readonly options: HostOptions
  /** Null for a host that shares this machine's processes and network. */
  readonly network: Network | null
}

const sshd = '/usr/sbin/sshd'

/** Where sessions find the host's folders. */
export function viewOf(dir: HostDir, isolated: boolean): HostView {
  return isolated ? { home: account().home, etc: '/etc/ssh', tmp: '/tmp', run: '/run' } : dir
}

/** Starts a host whose files are written; resolves once its sshd listens. */
export async function startHost(plan: HostPlan): Promise<Host> {
  const { dir, network } = plan
  const log = join(dir.dir, 'sshd.log')
  const cable = network?.cable(plan.index) ?? ''
  let power = await switchOn(plan, log)

  const all = async (): Promise<HostProcess[]> => {
    if (power.child.exitCode !== null || power.child.signalCode !== null) return []
    if (network) return processesInNamespaceOf(power.init)
    const tree = await processesOfTree(power.init, dir.cookie)
    return tree.filter(({ pid }) => pid !== power.init)
  }

  const needNetwork = (what: string): Network => {
    if (network) return network
    throw new Error(`${what} needs an isolated host: startHosts(n, { isolated: true }), as root`)
  }

  return {
    name: plan.name,
    address: plan.address,
    port: plan.port,
    home: dir.home,
    etc: dir.etc,
    tmp: dir.tmp,
    run: dir.run,
    log,
    async processes() {
      return (await all()).filter(({ command }) => !/^(sshd|\/usr\/sbin\/sshd)\b/.test(command))
    },
    async kill(how = 'crash') {
      if (how === 'power')
        await needNetwork('kill("power")')
          .cut(cable)
          .catch(() => {})
      await switchOff(power.child)
    },
    async boot() {
      await switchOff(power.child)
      await rm(dir.run, { recursive: true, force: true })
      await mkdir(join(dir.run, 'sshd'), { recursive: true, mode: 0o700 })
      power = await switchOn(plan, log)
    },
    async hang() {
      // What was forked meanwhile shows in the next round.
      const stopped = new Set<number>()
      for (let more = true; more; ) {
        more = false
        for (const { pid } of await all()) {
          if (stopped.has(pid)) continue
          stopped.add(pid)
          more = true
          signal(pid, 'SIGSTOP')
        }
      }
    },
    async resume() {
      for (const { pid } of await all()) signal(pid, 'SIGCONT')
    },
    async cut() {
      await needNetwork('cut').cut(cable)
    },
    async heal() {
      await needNetwork('heal').heal(cable, plan.address, power.init)
    },
    async setLoad(loadavg) {
      needNetwork('setLoad')
      await writeFile(join(dir.dir, 'loadavg'), `${loadavg}\n`)
    },
  }
}

type Power = { readonly child: ChildProcess; readonly init: number }

async function switchOn(plan: HostPlan, log: string): Promise<Power> {
  const { dir, network, options } = plan
  const pinned = options.cpus ? ['taskset', '-c', options.cpus] : []
  const command = network
    ? [...unshare, ...pinned, 'sh', script('isolate.sh'), ...isolateArguments(plan, network)]
    : [...pinned, sshd, '-D', '-e', '-f', join(dir.etc, 'sshd_config')]
  // sshd of root insists on it, and not every machine runs an sshd of its own.
  if (account().user === 'root') await mkdir('/run/sshd', { recursive: true })
  const child = spawn('sh', [script('power.sh'), dir.cookie, ...command], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    // A terminal's interrupt is for the test; the cord ends the host.
    detached: true,
  })
  const [stdin, stdout, stderr] = [
    child.stdin as Writable,
    child.stdout as Readable,
    child.stderr as Readable,
  ]
  stderr.pipe(createWriteStream(log, { flags: 'a' }))
  const listening = whenListening(plan.name, child, stderr)
  listening.catch(() => {}) // awaited below, once the cable is in
  try {
    let init = child.pid ?? 0
    if (network) {
      init = await Promise.race([readPid(stdout), listening.then(() => 0)])
      await network.plugIn(network.cable(plan.index), plan.index, init)
      stdin.write('go\n')
    }
    await listening
    await network?.forget(plan.address)
    return { child, init }
  } catch (error) {
    await switchOff(child)
    throw error
  }
}

const unshare = [
  'unshare',
  '--net',
  '--mount',
  '--uts',
  '--ipc',
  '--pid',
  '--fork',
  '--kill-child',
  '--',
]

function isolateArguments(plan: HostPlan, network: Network): string[] {
  return [plan.dir.dir, plan.name, plan.address, network.gateway, account().home, plan.dir.home]
}

/** Beside this file, or, where this is bundled into another one, below the repository. */
function script(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'e2e', 'lab', name)
    if (existsSync(file)) return file
    if (folder === dirname(folder)) throw new Error(`e2e/lab/${name} is missing`)
  }
}

/** Resolves when sshd says that it listens; rejects with what it said if it ends before. */
async function whenListening(name: string, child: ChildProcess, stderr: Readable): Promise<void> {
  const lines: string[] = []
  const reader = createInterface({ input: stderr })
  const heard = new Promise<void>((resolve) => {
    reader.on('line', (line) => {
      if (lines.length < 50) lines.push(line)
      if (line.includes('Server listening on')) resolve()
    })
  })
  const gone = once(stderr, 'end').then(() => {
    throw new Error(`lab host ${name} did not start:\n${lines.join('\n')}`)
  })
  gone.catch(() => {})
  const failed = once(child, 'error').then(([error]) => {
    throw error
  })
  failed.catch(() => {})
  await Promise.race([heard, gone, failed])
}

async function readPid(stdout: Readable): Promise<number> {
  for await (const line of createInterface({ input: stdout })) {
    const pid = /^pid (\d+)$/.exec(line)?.[1]
    if (pid) return Number(pid)
  }
  throw new Error('isolate.sh ended without saying its process id')
}

async function switchOff(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  // Only closing tells power.sh: a half-closed socket pair would still be readable.
  for (const stream of child.stdio) stream?.destroy()
  await exited
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(processId(pid), name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
