/** One boss per output folder: the lock lies in the folder, so that every computer that sees it does. */
import { join } from 'node:path'
import { OWN_FOLDER } from '../../src-core/build/folder-names.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { type LockRecord, lockHolder, takeLock } from '../../src-system/file-lock.ts'
import { makeFolder } from '../make-folder.ts'

export type OutputLock = {
  /** Told once, in words, if another boss took the folder over: this run may not write there any more. */
  readonly onLost: (listener: (text: string) => void) => void
  readonly release: () => Promise<void>
}

/**
 * Takes the output folder for a run, or says who has it. A dead process's lock is taken over. `boss` is
 * `user@host`.
 */
export async function lockOutput(
  base: string,
  runId: string,
  boss: string,
): Promise<Result<OutputLock>> {
  await makeFolder(join(base, OWN_FOLDER))
  const answer = await takeLock(lockPath(base), { boss, run_id: runId, work_dir: base })
  if ('holder' in answer) return inUse(base, answer.holder)
  const { lock } = answer
  let tell = (_text: string) => {}
  lock.keep((holder) => {
    const whose = holder ? `${holderText(holder)} took it over` : 'its lock was removed'
    tell(`The output folder ${base} is not this run's any more: ${whose}`)
  })
  return ok({
    onLost: (listener) => {
      tell = listener
    },
    release: () => lock.release(),
  })
}

/** Id of the run that goes on in the folder, here or on another computer; empty where none does. */
export async function runningIn(base: string): Promise<string> {
  return (await lockHolder(lockPath(base)))?.run_id ?? ''
}

function lockPath(base: string): string {
  return join(base, OWN_FOLDER, 'lock')
}

function inUse(base: string, holder: LockRecord): Result<never> {
  return fail(
    `The output folder ${base} is in use by ${holderText(holder)} since ${holder.created}`,
    'Wait for that run to end, or choose another output folder.',
  )
}

function holderText({ user, host, pid }: LockRecord): string {
  return `${user}@${host} (process ${pid})`
}
