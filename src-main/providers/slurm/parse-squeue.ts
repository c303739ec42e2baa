import { linesOf } from '../../../src-core/basics/lines.ts'

/** A job as the cluster tells of it. Times are milliseconds since 1970; 0 where they are not known. */
export type SlurmJob = {
  readonly id: string
  /** Slurm's own word, as `PENDING`. */
  readonly state: string
  /** Why it is in that state; empty where there is nothing to say. */
  readonly reason: string
  readonly startsAt: number
  readonly endsAt: number
  /** From 1, among the jobs that wait, by priority; 0 where it is not known. */
  readonly place: number
  readonly nodes: readonly string[]
}

/** What is heard of a request: nothing yet, or not any more; or its newest job. Pure. */
export function parseJob(answer: string): SlurmJob | null {
  let job: SlurmJob | null = null
  let nodes: string[] = []
  for (const line of linesOf(answer)) {
    const [kind, first = '', state = '', reason = '', start = '', end = '', place = ''] =
      line.split('|')
    if (kind === 'node' && isNodeName(first)) nodes.push(first)
    if (kind !== 'job' || !/^\d{1,12}$/.test(first) || !/^[A-Z_]{1,40}$/.test(state)) continue
    nodes = []
    job = {
      id: first,
      state,
      reason: reason === 'None' ? '' : reason.slice(0, 200),
      startsAt: timeOf(start),
      endsAt: timeOf(end),
      place: /^\d{1,7}$/.test(place) ? Number(place) : 0,
      nodes,
    }
  }
  return job
}

/** Seconds since 1970 as milliseconds; 0 for `N/A` and the like. */
function timeOf(seconds: string): number {
  return /^\d{9,11}$/.test(seconds) ? Number(seconds) * 1000 : 0
}

/** It becomes a word of a command, and a part of a machine's name. */
function isNodeName(name: string): boolean {
  return /^[\w.][\w.-]{0,252}$/.test(name)
}

/** What becomes of a job in this state: it waits for nodes, has them, or has had them. */
export function standOf(state: string): 'waits' | 'runs' | 'over' {
  if (['PENDING', 'CONFIGURING', 'REQUEUED', 'REQUEUE_HOLD', 'SUSPENDED'].includes(state))
    return 'waits'
  return state === 'RUNNING' || state === 'SIGNALING' || state === 'STAGE_OUT' ? 'runs' : 'over'
}

/** What the nodes of a cluster are at, as `2 idle, 1 allocated of partition debug`. Pure. */
export function describeNodes(answer: string): string {
  const partitions = new Map<string, string[]>()
  for (const line of linesOf(answer)) {
    const [partition = '', limit = '', count = '', state = ''] = line.split('|')
    if (!/^\d{1,7}$/.test(count) || !/^[\w*~#!%$@^+-]{1,40}$/.test(state)) continue
    const named = `${partition.replace(/\*$/, '')}, at most ${limit} each`
    partitions.set(named, [...(partitions.get(named) ?? []), `${count} ${state}`])
  }
  return [...partitions].map(([named, nodes]) => `${nodes.join(', ')} (${named})`).join('; ')
}
