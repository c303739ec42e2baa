import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  isRunning,
  ownIdentity,
  type ProcessIdentity,
} from '../../../src-system/process-identity.ts'

/** Jobs of ours begin so. */
export const JOB_PREFIX = 'slipway-'
const ownerMark = `${JOB_PREFIX}owner `

/** Who wants an allocation, as its comment says it: others of the cluster can read that. */
export async function ownerComment(): Promise<string> {
  return `${ownerMark}${JSON.stringify(await identityForOthers())}`
}

/**
 * Whether a job is one of ours whose boss is gone. What was begun by another computer, or can't be told,
 * is not: it is checked as strictly as stale workers are.
 */
export async function isAbandoned(job: {
  readonly name: string
  readonly comment: string
}): Promise<boolean> {
  if (!job.name.startsWith(JOB_PREFIX)) return false
  const owner = readOwner(job.comment)
  return owner !== null && (await isRunning(owner, await identityForOthers())) === false
}

async function identityForOthers(): Promise<ProcessIdentity> {
  const own = await ownIdentity()
  const machine_id = own.machine_id && createHash('sha256').update(own.machine_id).digest('hex')
  return { ...own, machine_id: machine_id.slice(0, 16) }
}

const word = z.string().min(1).max(256)
const identity = z.object({
  ...{ host: word, machine_id: word, boot_id: word, pid_namespace: word, start_time: word },
  pid: z.number().int().min(2),
})

function readOwner(comment: string): ProcessIdentity | null {
  if (!comment.startsWith(ownerMark)) return null
  try {
    return identity.safeParse(JSON.parse(comment.slice(ownerMark.length))).data ?? null
  } catch {
    return null
  }
}
