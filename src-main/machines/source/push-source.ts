import { fail, ok, type Result } from '../../../src-core/result.ts'
import { runGit } from '../../tree/git/git-run.ts'
import { stalled } from '../transport/run-command.ts'
import { StallLimit } from '../transport/stall-limit.ts'
import { type Execution, type Transport, TransportError } from '../transport/transport.ts'
import { type HeldCommit, planPush } from './push-plan.ts'
import { openReceivePack, type PushProgress, type SourcePush } from './push-session.ts'

/** git is silent while it indexes what came. Slow disks take minutes for a whole tree. */
const usualStallMs = 300_000

export type PushReport = {
  readonly sentBytes: number
  readonly sentCommits: number
  /** What a machine does not get, in words: submodules, LFS files. */
  readonly notes: readonly string[]
}

/**
 * Makes the commits known to a machine, each as `refs/slipway/<hash>`, by speaking to `git
 * receive-pack` there. Each commit travels with its tree and without its history, as differences to
 * what earlier pushes brought. git itself sees to it that an interrupted push leaves the repository
 * as it was: objects are quarantined until all are there.
 */
export async function pushSource(
  transport: Transport,
  push: SourcePush,
  progress: (progress: PushProgress) => void,
  signal: AbortSignal,
): Promise<Result<PushReport>> {
  const { machine } = transport
  const { stallMs = usualStallMs } = push
  let execution: Execution | undefined
  const stall = new StallLimit(stallMs, () => stalled(machine, stallMs, execution))
  const limits = {
    signal: AbortSignal.any([signal, stall.signal]),
    moved: () => stall.touch(),
    begun: (one: Execution) => {
      execution = one
    },
  }
  try {
    const missing = missingParts(push, signal)
    missing.catch(() => {}) // awaited below
    const session = await openReceivePack(transport, push, limits)
    try {
      const held = await heldCommits(push.gitDir, session.refs, signal)
      const plan = planPush(push.commits, held)
      const sentBytes = await session.send(plan, progress)
      return ok({ sentBytes, sentCommits: plan.send.length, notes: await missing })
    } finally {
      session.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    const cause = stall.signal.aborted ? stall.signal.reason : error
    if (cause instanceof TransportError) return fail(cause.message, cause.hint)
    const { message } = cause as Error
    return fail(`${machine}: the source did not get there: ${message}`, hintFor(message))
  } finally {
    stall.stop()
  }
}

/** What earlier pushes left there, and when those commits were made as far as this computer knows. */
async function heldCommits(
  gitDir: string,
  refs: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<HeldCommit[]> {
  const ours = [...refs].filter(([ref]) => ref.startsWith('refs/slipway/'))
  if (ours.length === 0) return []
  const args = ['log', '--no-walk=unsorted', '--ignore-missing', '--format=%H %ct', '--stdin']
  const hashes = ours.map(([, hash]) => `${hash}\n`).join('')
  const lines = (await inRepository(gitDir, args, signal, hashes)).trim().split('\n')
  const dates = new Map(lines.map((line) => line.split(' ') as [string, string]))
  return ours.map(([ref, hash]) => {
    const date = dates.get(hash)
    return { hash, ref, date: date === undefined ? null : Number(date) }
  })
}

/** What `git worktree add` there can't make of the newest commit. */
async function missingParts(
  { gitDir, commits }: SourcePush,
  signal: AbortSignal,
): Promise<string[]> {
  const newest = commits.at(-1)
  if (newest === undefined) return []
  const listing = await inRepository(gitDir, ['ls-tree', '-r', '-z', '--full-tree', newest], signal)
  const entries = listing.split('\0').map((entry) => entry.split('\t') as [string, string?])
  const modules = entries.flatMap(([head, path = '']) => (head.startsWith('160000') ? [path] : []))
  const attributes = entries.filter(([, path = '']) => /(^|\/)\.gitattributes$/.test(path))
  const objects = attributes.map(([head]) => `${head.split(' ')[2]}\n`).join('')
  const rules = objects && (await inRepository(gitDir, ['cat-file', '--batch'], signal, objects))
  return [
    ...(modules.length > 0
      ? [`Submodules stay empty on the machines: ${modules.slice(0, 5).join(', ')}`]
      : []),
    ...(/^[^#\n]*\bfilter=lfs\b/m.test(rules)
      ? ['Files kept by Git LFS arrive as pointers, not with their contents']
      : []),
  ]
}

async function inRepository(
  gitDir: string,
  args: readonly string[],
  signal: AbortSignal,
  input?: string,
): Promise<string> {
  const options = { signal, ...(input !== undefined && { input }) }
  return (await runGit({ folder: gitDir, gitDir }, args, options)).stdout
}

function hintFor(message: string): string {
  if (/No space left|quota/i.test(message))
    return 'Make room on the disk of ~/.cache/slipway there.'
  if (/Read-only|Permission denied/i.test(message)) {
    return 'Slipway must be able to write below ~/.cache/slipway there.'
  }
  if (/not found/.test(message)) return 'Install git on the machine.'
  return ''
}
