import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { processId } from '../../src-system/process-id.ts'
import { freePort } from './lab.ts'
import { allProcesses } from './processes.ts'

const run = promisify(execFile)

/** A real Slurm cluster on this computer, for tests: nodes n1, n2, ... of two processors each. */
export type SlurmCluster = {
  /** What Slurm's programs need in their environment to find it. */
  readonly env: { readonly SLURM_CONF: string }
  /** Names of the jobs that wait or have nodes. */
  jobs(): Promise<string[]>
  /** Ends a node with all that runs there, as when its power goes. */
  killNode(name: string): Promise<void>
  /** Runs one of Slurm's programs. */
  tool(program: string, ...args: string[]): Promise<string>
  stop(): Promise<void>
}

/** Why there can be none here; empty where there can. */
export function slurmProblem(): string {
  if (process.getuid?.() !== 0) return 'a Slurm cluster of its own needs root'
  const programs = [
    '/usr/sbin/slurmctld',
    '/usr/sbin/slurmd',
    '/usr/sbin/munged',
    '/usr/bin/salloc',
  ]
  const missing = programs.filter((program) => !existsSync(program))
  return missing.length > 0 ? `${missing.join(', ')} are missing` : ''
}

/** How long its daemons may take to know each other; a busy machine is slow at everything. */
const readyMs = 120_000

/** Resolves once all nodes are idle. Always `stop()` it; with this process it ends by itself. */
export async function startSlurm(nodes: number): Promise<SlurmCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-slurm-'))
  const ports = await Promise.all(Array.from({ length: nodes + 1 }, freePort))
  const here = import.meta.dirname
  const script = ['sh', join(here, 'slurm.sh'), dir, String(nodes), ...ports.map(String)]
  const child = spawn('sh', [join(here, 'power.sh'), randomUUID(), ...script], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const said = createWriteStream(join(dir, 'said'))
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(said)
  const env = { SLURM_CONF: join(dir, 'slurm.conf') }
  const tool = async (program: string, ...args: string[]) => {
    const { stdout } = await run(program, args, { env: { ...process.env, ...env } })
    return stdout
  }
  const stop = async () => {
    const exited = child.exitCode === null ? once(child, 'exit') : null
    for (const stream of child.stdio) stream?.destroy()
    await exited
    await rm(dir, { recursive: true, force: true })
  }
  const isReady = async () => {
    const idle = await tool('sinfo', '-h', '-N', '-t', 'idle', '-o', '%N').catch(() => '')
    return idle.split('\n').filter((line) => line !== '').length === nodes
  }
  for (const giveUpAt = Date.now() + readyMs; !(await isReady()); await sleep(200)) {
    if (child.exitCode === null && Date.now() < giveUpAt) continue
    const why = await readFile(join(dir, 'said'), 'utf8')
    await stop()
    throw new Error(`the Slurm cluster did not start: ${why}`)
  }
  return {
    env,
    tool,
    stop,
    async killNode(name) {
      const daemon = `slurmd -D -f ${env.SLURM_CONF} -N ${name}`
      const all = await allProcesses()
      // The first process of its namespace: the others go with it.
      const found = all.find(({ command }) => command === daemon)
      process.kill(processId(found?.pid), 'SIGKILL')
    },
    async jobs() {
      const listed = await tool('squeue', '-h', '-t', 'PD,CF,R,S', '-o', '%j')
      return listed.split('\n').filter((line) => line !== '')
    },
  }
}
