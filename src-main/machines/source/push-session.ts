import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describeStatus } from '../transport/run-command.ts'
import { remotePath } from '../transport/shell-quote.ts'
import type { Execution, Transport } from '../transport/transport.ts'
import { packCommits } from './pack-objects.ts'
import { createPktReader, type Packet, PktError } from './pkt-line.ts'
import type { PushPlan } from './push-plan.ts'
import { parseAdvertisement, problemsInReport, pushRequest } from './receive-pack.ts'

export type SourcePush = {
  /** The repository that has the commits; a shallow one will do. */
  readonly gitDir: string
  /** Full hashes. */
  readonly commits: readonly string[]
  /** Bare repository on the machine, made if need be; may start with `~/`. */
  readonly remoteRepo: string
  /** Milliseconds in which nothing moves after which a push is given up. Default: 5 min. */
  readonly stallMs?: number
}

export type PushProgress = {
  readonly sentBytes: number
  /** From 0 to 1, by objects; null while git looks for what to send. */
  readonly fraction: number | null
}

/** A `git receive-pack` that has said what it has, and waits for what we send. */
export type PushSession = {
  /** Hash by name of everything the repository there has. */
  readonly refs: ReadonlyMap<string, string>
  /** Resolves with the bytes sent, once git there has taken all of it. */
  send(plan: PushPlan, progress: (progress: PushProgress) => void): Promise<number>
  close(): void
}

export type PushLimits = {
  readonly signal: AbortSignal
  /** Told of each chunk, either way, and of git at work on this side. */
  readonly moved: () => void
  /** Told of git there as soon as there is a session for it. */
  readonly begun: (execution: Execution) => void
}

/** Rejects with an Error in git's own words, or with a TransportError. */
export async function openReceivePack(
  transport: Transport,
  { gitDir, commits, remoteRepo }: SourcePush,
  { signal, moved, begun }: PushLimits,
): Promise<PushSession> {
  const sha256 = commits[0]?.length === 64
  const execution = await transport.exec(receiveCommand(remoteRepo, sha256), { signal })
  begun(execution)
  const said = tailOf(execution.stderr)
  execution.stdin.write(`${commits.join('\n')}\n\n`)
  execution.stderr.on('data', moved)
  const sections = readSections(execution.stdout, moved)
  const advertised = await sections.next().catch((error: Error) => failure(error))
  if (advertised === null) throw await failure(new Error('it said nothing'))
  const { refs, capabilities } = parseAdvertisement(advertised)
  return { refs, send, close: () => execution.stdin.destroy() }

  async function send(plan: PushPlan, progress: (progress: PushProgress) => void): Promise<number> {
    const format = sha256 ? 'sha256' : 'sha1'
    const wanted = ['report-status', 'delete-refs', `object-format=${format}`]
    const offered = wanted.filter((name) => capabilities.has(name))
    execution.stdin.write(pushRequest(plan.changes, offered))
    if (plan.changes.length === 0) {
      execution.stdin.end()
      return 0
    }
    let sent = 0
    if (plan.send.length > 0) sent = await sendPack(plan, progress)
    else execution.stdin.end()
    const report = await sections.next().catch((error: Error) => failure(error))
    const problems = problemsInReport(report ?? [])
    if (problems.length > 0) throw await failure(new Error(problems.join('; ')))
    return sent
  }

  async function sendPack(
    plan: PushPlan,
    progress: (progress: PushProgress) => void,
  ): Promise<number> {
    const pack = await packCommits(gitDir, plan.send, plan.known, signal, moved)
    let sentBytes = 0
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        moved()
        sentBytes += chunk.length
        const { done: written, total } = pack.progress()
        progress({ sentBytes, fraction: total === 0 ? null : written / total })
        done(null, chunk)
      },
    })
    // A pack that breaks off leaves its receiver without an end, which throws it away.
    const [piped, packed] = await Promise.allSettled([
      pipeline(pack.bytes, count, execution.stdin),
      pack.finished,
    ])
    // A receiver that leaves takes the sender along: then the receiver has the reason.
    if (piped.status === 'rejected') throw await failure(piped.reason)
    if (packed.status === 'rejected') throw packed.reason
    progress({ sentBytes, fraction: 1 })
    return sentBytes
  }

  /** Why it ended: what git there said on stderr tells more than what we noticed. */
  async function failure(noticed: Error): Promise<never> {
    execution.stdin.destroy()
    const [status] = await Promise.all([execution.ended, sections.skip()])
    const words = said()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-4)
      .join('; ')
    const ending =
      status.kind === 'exit' && status.code === 0 ? '' : `git there ${describeStatus(status)}`
    const parts = [noticed instanceof PktError ? '' : noticed.message, words, ending]
    throw new Error(parts.filter((part) => part !== '').join('; '), { cause: noticed })
  }
}

/**
 * Makes the repository if there is none, notes the commits (lines of stdin, up to an empty one) as
 * having no history there, and receives into it. The noting is done here and not by the protocol's
 * own `shallow` lines, since with those git 2.39 drops all but the first command and checks nothing.
 * Leftovers of pushes that were killed are removed when they are surely nobody's any more. Garbage
 * is not collected: that would stay behind in the background, and what is unused today is what
 * tomorrow's push differs from. A repository of another format than the source's, or one that git
 * can't read, is made anew: nobody can be working with it.
 */
function receiveCommand(repo: string, sha256: boolean): string {
  // What the account there has set for repositories that people push to does not fit ours.
  const settings = [
    'receive.autogc=false',
    'receive.denyDeletes=false',
    'receive.fsckObjects=false',
    'transfer.fsckObjects=false',
    'receive.maxInputSize=0',
    'safe.directory=*',
    'core.hooksPath=/dev/null',
  ]
  const safe = '-c safe.directory=*'
  const digits = sha256 ? 64 : 40
  // git before 2.29 knows no format but the one, and no such word; the variable it passes over.
  return `
export LC_ALL=C GIT_DEFAULT_HASH=${sha256 ? 'sha256' : 'sha1'}
unset GIT_DIR GIT_WORK_TREE GIT_COMMON_DIR GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_NAMESPACE
unset GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS GIT_DEFAULT_REF_FORMAT
repo=${remotePath(repo)}
is_sound() {
  git ${safe} --git-dir="$repo" rev-parse --git-dir >/dev/null || return
  format=$(git ${safe} --git-dir="$repo" config extensions.objectformat)
  [ "\${format:-sha1}" = $GIT_DEFAULT_HASH ] || return
  git ${safe} --git-dir="$repo" for-each-ref --format='%(tree)' refs/slipway >/dev/null || return
  [ ! -f "$repo/shallow" ] || ! grep -qvxE '[0-9a-f]{${digits}}' "$repo/shallow"
}
tries=0
# Another push may be just making it.
until [ ! -e "$repo" ] || is_sound 2>/dev/null; do
  tries=$((tries + 1))
  if [ $tries -lt 5 ]; then sleep 1; else rm -rf "$repo" || exit; fi
done
mkdir -p "$repo" || exit
git ${safe} init --quiet --bare --template=${sha256 ? ' --object-format=sha256' : ''} "$repo" >&2 || exit
find "$repo" -maxdepth 1 -name shallow.lock -mmin +10 -exec rm -f {} + 2>/dev/null
find "$repo/objects" -maxdepth 1 -name '*incoming-*' -mmin +120 -exec rm -rf {} + 2>/dev/null
touch "$repo/shallow" || exit
new=
while read -r hash && [ -n "$hash" ]; do
  grep -q "^$hash" "$repo/shallow" || new="$new$hash
"
done
if [ -n "$new" ]; then
  tries=0
  until (set -C; printf %s "$new" >"$repo/shallow.lock") 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 20 ] || { echo "$repo/shallow.lock is in the way" >&2; exit 1; }
    sleep 1
  done
  cat "$repo/shallow" >>"$repo/shallow.lock" && mv "$repo/shallow.lock" "$repo/shallow" || exit
fi
exec git ${settings.map((setting) => `-c ${setting}`).join(' ')} receive-pack "$repo"`
}

type Sections = {
  /** Packets up to the next flush; null at the end of the stream. */
  next(): Promise<Packet[] | null>
  /** Reads to the end of the stream, without which its command does not end either. */
  skip(): Promise<void>
}

function readSections(stdout: Readable, moved: () => void): Sections {
  const chunks = stdout[Symbol.asyncIterator]()
  const reader = createPktReader()
  let waiting: Packet[] = []
  return {
    async next() {
      for (;;) {
        const end = waiting.indexOf(null)
        if (end >= 0) {
          const section = waiting.slice(0, end)
          waiting = waiting.slice(end + 1)
          return section
        }
        const { value, done } = await chunks.next()
        if (done) return null
        moved()
        waiting.push(...reader.push(value))
      }
    },
    async skip() {
      try {
        while (!(await chunks.next()).done);
      } catch {
        // Destroyed: that is an end as well.
      }
    },
  }
}

/** What came last on a stream; it is read to its end. */
function tailOf(stream: Execution['stderr']): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text = `${text}${chunk}`.slice(-4000)
  })
  return () => text
}
