import { randomUUID } from 'node:crypto'
import { type Duplex, type Readable, Transform } from 'node:stream'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { describeStatus, run } from '../transport/run-command.ts'
import { remotePath, shellWord } from '../transport/shell-quote.ts'
import type { Transport } from '../transport/transport.ts'

export type Upload = {
  /** What travels, unless `pack` makes something else of it. */
  readonly content: Readable
  /** Of the content, for progress. */
  readonly bytes: number
  /** Makes of the content what travels. */
  readonly pack?: Duplex
  /** Folder and name on the machine; the folder may start with `~/` and is made if need be. */
  readonly folder: string
  readonly name: string
  /** POSIX sh that turns stdin into the file on stdout; default: as it is. */
  readonly unpack?: string
  /** SHA-256 of the file, in hexadecimal; empty where `test` says enough. */
  readonly sha256: string
  /** POSIX sh that must succeed with the file at `$tmp` before it takes its place; it says why not. */
  readonly test?: string
}

export type UploadOptions = {
  /** Milliseconds in which nothing of it moves; buffers on the way may take long to empty. */
  readonly stallMs: number
  readonly progress: (done: number, total: number) => void
  readonly signal: AbortSignal
}

/**
 * Puts a file on a machine: whole and checked under its name, or not at all. Several at once do no
 * harm, since each writes to a name of its own and then renames.
 */
export async function upload(
  transport: Transport,
  file: Upload,
  { progress, signal, stallMs }: UploadOptions,
): Promise<Result<void>> {
  let sent = 0
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length
      progress(sent, file.bytes)
      done(null, chunk)
    },
  })
  const counted = file.content.compose(count)
  const stdin = file.pack ? counted.compose(file.pack) : counted
  const { status, stderr, stdout } = await run(transport, uploadScript(file), {
    stdin,
    signal,
    stallMs,
  }).finally(() => stdin.destroy())
  if (status.kind === 'exit' && status.code === 0 && stdout.trim() === 'stored')
    return ok(undefined)
  const said = stderr.trim().split('\n').slice(-3).join('; ')
  return fail(
    `${transport.machine}: ${file.folder}/${file.name} could not be stored: ${said || `the upload ${describeStatus(status)}`}`,
    hintFor(said, file.folder),
  )
}

/** Machines that share a home may have processes with one number: each upload has a name of its own. */
function uploadScript({ folder, name, unpack = 'cat', sha256, test = ':' }: Upload): string {
  return `
export LC_ALL=C
umask 077
dir=${remotePath(folder)}
mkdir -p "$dir" || exit
tmp=$dir/.incoming-${randomUUID()}-${name}
trap 'rm -f "$tmp"' EXIT
trap 'exit 1' HUP INT TERM PIPE
{ ${unpack}; } >"$tmp" || exit
want=${shellWord(sha256)}
if [ -n "$want" ]; then
  sum=$(sha256sum <"$tmp" 2>/dev/null || shasum -a 256 <"$tmp" 2>/dev/null || openssl dgst -sha256 -r <"$tmp") || exit
  [ "\${sum%% *}" = "$want" ] || { echo "what arrived is damaged or was cut off" >&2; exit 1; }
fi
chmod 700 "$tmp" || exit
{ ${test}; } || exit
mv -f "$tmp" "$dir/"${shellWord(name)} && echo stored`
}

function hintFor(said: string, folder: string): string {
  if (/No space left|quota|Wrote only/i.test(said))
    return `Make room on the disk of ${folder} there.`
  if (/Read-only|Permission denied/i.test(said))
    return `Slipway must be able to write to ${folder} there.`
  return ''
}
