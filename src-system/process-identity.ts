import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { processId } from './process-id.ts'

/** What names one process for good, beyond this computer and this boot. Empty where it can't be had. */
export type ProcessIdentity = {
  readonly host: string
  /** Of the installation; copies of one image may share it. */
  readonly machine_id: string
  readonly boot_id: string
  /** Containers on one kernel differ in it: their processes can't see each other. */
  readonly pid_namespace: string
  readonly pid: number
  /** Clock ticks since boot, field 22 of `/proc/PID/stat`. */
  readonly start_time: string
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const [machineId, bootId, namespace, startTime] = await Promise.all([
    textOf('/etc/machine-id'),
    textOf('/proc/sys/kernel/random/boot_id'),
    readlink('/proc/self/ns/pid').catch(() => ''),
    startTimeOf(process.pid),
  ])
  return {
    host: hostname(),
    machine_id: machineId,
    boot_id: bootId,
    pid_namespace: namespace,
    pid: process.pid,
    start_time: startTime ?? '',
  }
}

/** Whether a process runs; null if that can't be seen from here, since it is elsewhere. */
export async function isRunning(
  of: ProcessIdentity,
  own: ProcessIdentity,
): Promise<boolean | null> {
  const isHere =
    of.host === own.host && of.boot_id === own.boot_id && of.pid_namespace === own.pid_namespace
  if (isHere) return isRunningHere(of)
  const isOfEarlierBoot =
    of.host === own.host && of.machine_id === own.machine_id && of.boot_id !== own.boot_id
  return isOfEarlierBoot && own.machine_id !== '' ? false : null
}

async function isRunningHere({ pid, start_time }: ProcessIdentity): Promise<boolean> {
  const found = await startTimeOf(pid)
  if (found !== null) return found === start_time
  return start_time === '' && answersSignal(pid)
}

function answersSignal(pid: number): boolean {
  try {
    // Throws for what is no process, e.g. 0 and below, which are groups.
    process.kill(processId(pid), 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Null for what does not run. The name in parentheses may hold anything, so its last one counts. */
async function startTimeOf(pid: number): Promise<string | null> {
  const text = await textOf(`/proc/${pid}/stat`)
  const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (state === undefined || state === '' || 'ZX'.includes(state)) return null
  return fields[18] ?? null
}

async function textOf(file: string): Promise<string> {
  return (await readFile(file, 'latin1').catch(() => '')).trim()
}
