import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import { promisify } from 'node:util'

export type LoadFigures = {
  readonly load_avg: number
  readonly cpu_percent: number
  readonly mem_available_mb: number
  readonly disk_available_mb: number
}

const MB = 1024 * 1024

/** Gives the machine's load; CPU use is that since the last call. */
export function createLoadMeter(dir: string): () => Promise<LoadFigures> {
  const idleShare = createIdleMeter()
  return async () => {
    return {
      load_avg: os.loadavg()[0] ?? 0,
      cpu_percent: Math.round(100 * (1 - idleShare())),
      mem_available_mb: Math.round(availableMemory() / MB),
      disk_available_mb: Math.round(((await freeBytes(dir)) ?? 0) / MB),
    }
  }
}

/** Gives the share of all threads that did nothing since the last call, 0 to 1; 1 where nothing tells. */
export function createIdleMeter(): () => number {
  let last = cpuTimes()
  return () => {
    const now = cpuTimes()
    const total = now.total - last.total
    const idle = now.idle - last.idle
    last = now
    return total > 0 ? idle / total : 1
  }
}

function cpuTimes(): { readonly total: number; readonly idle: number } {
  const [, ...fields] = readText('/proc/stat').split('\n', 1)[0]?.trim().split(/\s+/) ?? []
  const times = fields.slice(0, 8).map(Number)
  const total = times.reduce((sum, t) => sum + t, 0)
  return { total, idle: (times[3] ?? 0) + (times[4] ?? 0) }
}

function availableMemory(): number {
  const kb = /^MemAvailable:\s+(\d+) kB$/m.exec(readText('/proc/meminfo'))?.[1]
  return kb === undefined ? os.freemem() : Number(kb) * 1024
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** Room where a path lies, bytes; null where that can't be told. */
export async function freeBytes(path: string): Promise<number | null> {
  // Node 18.15 and later.
  if (typeof fs.statfs !== 'function') return freeBytesByDf(path)
  const found = await fs.statfs(path).catch(() => null)
  return found === null ? null : found.bavail * found.bsize
}

async function freeBytesByDf(path: string): Promise<number | null> {
  const said = await promisify(execFile)('df', ['-Pk', path]).catch(() => null)
  const kb = /\s(\d+)\s+\d+%\s/.exec(said?.stdout ?? '')?.[1]
  return kb === undefined ? null : Number(kb) * 1024
}

/** Threads that this process may use. */
export function threadCount(): number {
  // Node 18.14 and later.
  return typeof os.availableParallelism === 'function'
    ? os.availableParallelism()
    : os.cpus().length
}
