import { readdir, readFile, readlink } from 'node:fs/promises'

/** One process of a host, with the PID that this machine knows it by. */
export type HostProcess = {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Every process whose PID namespace is that of `init`; empty if `init` is gone. */
export async function processesInNamespaceOf(init: number): Promise<HostProcess[]> {
  const namespace = await pidNamespace(init)
  if (namespace === '') return []
  const all = await allProcesses()
  const inside = await Promise.all(
    all.map(async ({ pid }) => (await pidNamespace(pid)) === namespace),
  )
  return all.filter((_, index) => inside[index])
}

/** `root`, what descends from it, and whatever carries `cookie` in its environment. */
export async function processesOfTree(root: number, cookie: string): Promise<HostProcess[]> {
  const all = await allProcesses()
  const marked = await Promise.all(all.map(({ pid }) => carries(pid, cookie)))
  const found = new Set(
    all.filter((one, index) => one.pid === root || marked[index]).map((one) => one.pid),
  )
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const one of all) if (found.has(one.parent)) found.add(one.pid)
  }
  return all.filter((one) => found.has(one.pid))
}

/** Field 22 of /proc/PID/stat; with it, a recycled PID is never taken for ours. Empty if gone. */
export async function startTime(pid: number): Promise<string> {
  return (await statFields(pid))?.[19] ?? ''
}

export async function allProcesses(): Promise<HostProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map(readProcess))
  return found.filter((one) => one !== null)
}

/** Null for what is gone, or is a zombie that waits for its parent. */
async function readProcess(pid: number): Promise<HostProcess | null> {
  const fields = await statFields(pid)
  if (!fields || fields[0] === 'Z') return null
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return { pid, parent: Number(fields[1]), command: command.replaceAll('\0', ' ').trim() }
}

/** The fields after the command name, from the state on. */
async function statFields(pid: number): Promise<string[] | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat === '' ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function pidNamespace(pid: number): Promise<string> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => '')
}

async function carries(pid: number, cookie: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  return environment.split('\0').includes(`SLIPWAY_LAB_HOST=${cookie}`)
}
