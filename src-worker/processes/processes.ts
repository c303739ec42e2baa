import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { linesOf } from '../../src-core/basics/lines.ts'
import { processId } from '../../src-system/process-id.ts'

/** What /proc says of a living process. */
export type ProcessInfo = {
  readonly pid: number
  readonly parent: number
  readonly session: number
  /** Program name, at most 15 characters. */
  readonly name: string
  /** Clock ticks since boot; with the pid it names one process for good. */
  readonly startTime: string
  /** CPU time of the process and of the children that it has waited for, clock ticks. */
  readonly cpuTicks: number
}

/** Reads one `/proc/PID/stat`; null for what is no living process. */
export function parseStat(text: string): ProcessInfo | null {
  // The name stands in parentheses and may hold anything, so the last one counts.
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  const rest = text.slice(close + 2).split(' ')
  const [state, parent, , session] = rest
  if (open < 0 || close < 0 || state === undefined || 'ZX'.includes(state)) return null
  const ticks = rest.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return {
    pid: Number(text.slice(0, open)),
    parent: Number(parent),
    session: Number(session),
    name: text.slice(open + 1, close),
    startTime: rest[19] ?? '',
    cpuTicks: ticks,
  }
}

export function readProcess(pid: number): ProcessInfo | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return null
  }
}

/** All living processes. Without /proc (macOS) `ps` tells of them; then their group is their session. */
export function listProcesses(): ProcessInfo[] {
  if (!existsSync('/proc/self/stat')) {
    return parsePs(execFileSync('ps', ['-A', '-o', psColumns], { encoding: 'utf8' }))
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((info) => info !== null)
}

const psColumns = 'pid=,ppid=,pgid=,state=,time=,comm='

/** Reads what `ps` prints for `psColumns`. */
export function parsePs(text: string): ProcessInfo[] {
  return [...linesOf(text)].flatMap((line) => {
    const [pid, parent, group, state = 'Z', time = '', ...command] = line.trim().split(/\s+/)
    if (pid === undefined || state.startsWith('Z')) return []
    const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    return {
      pid: Number(pid),
      parent: Number(parent),
      session: Number(group),
      name: command.join(' ').replace(/^.*\//, ''),
      startTime: '',
      cpuTicks: Math.round(seconds * 100),
    }
  })
}

/** Whether a process was started with all of these `NAME=value` in its environment. */
export function hasInEnvironment(pid: number, cookies: readonly string[]): boolean {
  try {
    const environ = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
    return cookies.every((cookie) => environ.includes(`\0${cookie}\0`))
  } catch {
    return false
  }
}

/**
 * The processes that a worker (or one slot of it) has to answer for: those in the sessions that it
 * opened, those with its cookies in their environment, and whatever descends from either, so that
 * neither a new process group nor a cleared environment hides one. Without cookies it is quicker and
 * misses those that moved to a session of their own after their parent's end.
 */
export function findOwned(
  processes: readonly ProcessInfo[],
  sessions: ReadonlySet<number>,
  cookies: readonly string[] | null,
): ProcessInfo[] {
  const owned = new Set<number>()
  for (const p of processes) {
    if (p.pid === process.pid) continue
    if (sessions.has(p.session) || (cookies && hasInEnvironment(p.pid, cookies))) owned.add(p.pid)
  }
  for (let before = -1; before !== owned.size; ) {
    before = owned.size
    for (const p of processes) if (owned.has(p.parent)) owned.add(p.pid)
  }
  return processes.filter((p) => owned.has(p.pid))
}

/** Sends a signal; a process that is gone already is none the worse. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(processId(pid), signal)
  } catch {
    // Gone, or somebody else's by now.
  }
}
