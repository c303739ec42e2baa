import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { constants, createGzip } from 'node:zlib'
import type { MachineFacts } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { run } from '../transport/run-command.ts'
import { remotePath, shellQuote } from '../transport/shell-quote.ts'
import { type Transport, TransportError } from '../transport/transport.ts'
import { fetchRuntime, type NodeRuntime, nodeName, runtimeFor } from './node-runtime.ts'
import { type Upload, upload } from './upload.ts'

export type ProvisionOptions = {
  /** The bundled worker, one file; a Node that lies beside it under its name need not be fetched. */
  readonly workerFile: string
  /** The boss's cache, for Node runtimes. */
  readonly cacheDir: string
  /** A step in words, and its bytes of how many. */
  readonly progress: (step: string, done: number, total: number) => void
  readonly signal: AbortSignal
  /** The npm registry for Node runtimes; default: npm's own setting. */
  readonly registry?: string
  /** Milliseconds without a byte from or to the machine until it is given up. Default: 3 min. */
  readonly stallMs?: number
  /** Which Node goes to which machine, by `uname -s` and `uname -m`; default: ours. */
  readonly runtimeFor?: typeof runtimeFor
}

/** Where everything of ours is on a machine. */
const folder = '~/.cache/slipway'

/** POSIX sh that makes our folder on a machine one for its account alone. What can't be is told by what needs it. */
export function closeFolder(): string {
  const path = remotePath(folder)
  return `{ (umask 077 && mkdir -p ${path}) && chmod 700 ${path}; } 2>/dev/null || :`
}

/** What nobody started for so long is removed; another boss may be of another version. */
const unusedDays = 14
const oldestNode = 18
/** One that swaps, or waits for its disk, is not lost. */
const usualStallMs = 180_000

/**
 * Brings the worker to a machine under the hash of its content, and a Node for it where the machine
 * has none that it could run on. `command` starts it. A failure leaves nothing half there; an abort
 * rejects.
 */
export async function provisionWorker(
  transport: Transport,
  facts: MachineFacts,
  options: ProvisionOptions,
): Promise<Result<{ readonly command: string }>> {
  const { signal, stallMs = usualStallMs } = options
  try {
    const worker = await readFile(options.workerFile)
    const sha256 = createHash('sha256').update(worker).digest('hex')
    const name = `worker-${sha256.slice(0, 16)}.mjs`
    const own = nodeVersion(facts) >= oldestNode
    const runtimeOn = (system: string) =>
      own ? null : (options.runtimeFor ?? runtimeFor)(system, facts.arch)
    const likely = runtimeOn('Linux')
    const used = likely ? [name, nodeName(likely)] : [name]
    const there = await lookAround(transport, name, used, { signal, stallMs })
    const runtime = runtimeOn(there.system)
    if (!own && !runtime) return noNode(transport.machine, there.system, facts)
    if (there.workerBytes !== worker.length) {
      const content = Readable.from([worker])
      const progress = (done: number, total: number) =>
        options.progress('sending the worker', done, total)
      const file = { content, bytes: worker.length, folder, name, sha256 }
      const sent = await upload(transport, file, { progress, signal, stallMs })
      if (!sent.ok) return sent
    }
    if (runtime && !there.programs.includes(nodeName(runtime))) {
      const sent = await sendRuntime(transport, runtime, { ...options, stallMs })
      if (!sent.ok) return sent
    }
    const node = runtime ? remotePath(`${folder}/${nodeName(runtime)}`) : 'node'
    return ok({ command: `exec ${node} ${remotePath(`${folder}/${name}`)} --worker` })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof TransportError) return fail(error.message, error.hint)
    throw error
  }
}

type Surroundings = {
  /** `uname -s`. */
  readonly system: string
  /** Size of the worker there; 0 if there is none. */
  readonly workerBytes: number
  readonly programs: readonly string[]
}

/** One round trip. It also marks what is used, and removes what was not used for long. */
async function lookAround(
  transport: Transport,
  worker: string,
  used: readonly string[],
  limits: { readonly signal: AbortSignal; readonly stallMs: number },
): Promise<Surroundings> {
  const script = `
uname -s
${closeFolder()}
cd ${remotePath(folder)} 2>/dev/null || exit 0
touch -c ${shellQuote(used)} 2>/dev/null
find . -maxdepth 1 -type f '(' -name 'worker-*.mjs' -o -name 'node-*' ')' -mtime +${unusedDays} -exec rm -f {} + 2>/dev/null
find . -maxdepth 1 -name '.incoming-*' -mmin +120 -exec rm -f {} + 2>/dev/null
[ ! -f ${worker} ] || wc -c <${worker}
for file in node-*; do [ ! -x "$file" ] || echo "$file"; done`
  const { stdout } = await run(transport, script, limits)
  const [system = '', ...lines] = stdout.split('\n').map((line) => line.trim())
  return {
    system,
    workerBytes: Number(lines.find((line) => /^\d+$/.test(line)) ?? 0),
    programs: lines.filter((line) => line.startsWith('node-')),
  }
}

async function sendRuntime(
  transport: Transport,
  runtime: NodeRuntime,
  options: ProvisionOptions & { readonly stallMs: number },
): Promise<Result<void>> {
  const { signal, stallMs } = options
  const packed = await packedRuntime(runtime, options)
  if (!packed.ok) return packed
  const file = {
    ...packed.value,
    folder,
    name: nodeName(runtime),
    // The package was checked here; that it runs there shows that all of it came.
    sha256: '',
    test: runsThere(runtime),
  }
  const progress = (done: number, total: number) => options.progress('sending Node', done, total)
  return upload(transport, file, { progress, signal, stallMs })
}

type PackedRuntime = Pick<Upload, 'content' | 'bytes' | 'pack' | 'unpack'>

/** What came with this program where there is one, since the installed one has it already; else npm's. */
async function packedRuntime(
  runtime: NodeRuntime,
  options: ProvisionOptions,
): Promise<Result<PackedRuntime>> {
  const shipped = join(dirname(options.workerFile), nodeName(runtime))
  const program = await stat(shipped).catch(() => null)
  if (program?.isFile()) {
    const pack = createGzip({ level: constants.Z_BEST_SPEED })
    return ok({ content: readWhole(shipped), bytes: program.size, pack, unpack: 'gzip -dc' })
  }
  const fetched = await fetchRuntime(runtime, {
    cacheDir: options.cacheDir,
    signal: options.signal,
    progress: (done, total) => options.progress('fetching Node', done, total),
    ...(options.registry !== undefined && { registry: options.registry }),
  })
  if (!fetched.ok) return fetched
  const { size } = await stat(fetched.value)
  const unpack = 'gzip -dc | tar -xOf - package/bin/node'
  return ok({ content: readWhole(fetched.value), bytes: size, unpack })
}

function readWhole(file: string): Readable {
  return createReadStream(file, { highWaterMark: 1 << 18 })
}

function runsThere({ version, needs }: NodeRuntime): string {
  return `
said=$("$tmp" --version 2>&1)
status=$?
[ "$said" = v${version} ] || {
  case $status in
  126) echo "programs may not be run from there (is it mounted noexec?)" >&2 ;;
  *) echo "Node does not run there, it needs ${needs}: $said" >&2 ;;
  esac
  exit 1
}`
}

/** Major version; 0 if there is none. */
function nodeVersion({ tools }: MachineFacts): number {
  return Number.parseInt(tools.node?.replace(/^v/, '') ?? '', 10) || 0
}

function noNode(machine: string, system: string, { arch, tools }: MachineFacts): Result<never> {
  const has = tools.node ? `Node ${tools.node}` : 'no Node'
  return fail(
    `${machine}: it has ${has}, and there is none to bring along for ${system} on ${arch}`,
    `Install Node ${oldestNode} or later there.`,
  )
}
