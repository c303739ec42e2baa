import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { unlessAborted } from '../../unless-aborted.ts'
import { download } from '../provision/download.ts'
import { boundedText, fetchFollowing } from '../provision/fetch-following.ts'
import { run } from '../transport/run-command.ts'
import { shellScript } from '../transport/shell-scripts.ts'
import { type Transport, TransportError } from '../transport/transport.ts'
import { type FoundCompiler, foundCompiler } from './compilers.ts'
import {
  archiveFor,
  archivesOf,
  archsOf,
  checksumOf,
  TOOLCHAIN_SERVER,
  TOOLCHAIN_VERSIONS,
  type ToolchainArchive,
  toolchainPage,
} from './toolchain-index.ts'

/** Milliseconds in which nothing of an archive moves: slow disks take long to unpack what they have. */
const stallMs = 300_000

/** kernel.org's longest page has 40 kB. */
const maxPageBytes = 4 << 20

export type FetchStep = 'looking' | 'downloading' | 'installing'
/** Bytes; `total` is 0 where it is not known. */
export type FetchProgress = {
  readonly step: FetchStep
  readonly done: number
  readonly total: number
}

export type FetchOptions = {
  /** The architecture as compilers name it: `arm`, `riscv64`, `i386`. */
  readonly arch: string
  /** Other names of it that compilers go by, tried after it. */
  readonly aliases?: readonly string[]
  /** Take an archive, too, for which the server has no checksum. */
  readonly unchecked?: boolean
  /** `uname -m` of the machine that is to have it. */
  readonly machineArch: string
  /** Where downloads are kept, so that the next machine needs none. */
  readonly cacheDir: string
  /** A mirror in place of kernel.org. */
  readonly server?: string
  /** Tried in this order. */
  readonly versions?: readonly string[]
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FetchProgress) => void
  readonly retryMs?: number
}

export type FetchedToolchain =
  | {
      readonly kind: 'installed'
      readonly compiler: FoundCompiler
      /** False where the server has no checksum for it, and `unchecked` was asked for. */
      readonly checked: boolean
    }
  /** The server has no checksum for it, so a person has to decide. `why`: what is lacking. */
  | { readonly kind: 'unvouched'; readonly why: string }

/**
 * Brings a toolchain to `~/.buildman-toolchains` of a machine (`local` is one): this computer downloads
 * it once, checked and resumable, and sends it over the machine's connection; there it is unpacked
 * beside its place, tried, and moved in. Source of pages and names: the reference, section 6.
 */
export async function fetchToolchain(
  transport: Transport,
  options: FetchOptions,
): Promise<Result<FetchedToolchain>> {
  options.onProgress?.({ step: 'looking', done: 0, total: 0 })
  const found = await findArchive(options)
  if (!found.ok) return found
  const { archive, arch, version, vouched } = found.value
  const sha256 = vouched.ok ? vouched.value : null
  if (!vouched.ok && !options.unchecked) {
    return ok({ kind: 'unvouched', why: vouched.problem.what })
  }
  const file = join(options.cacheDir, version, archive.name)
  const turn = inTurn(file, () => downloadArchive(archive, file, sha256, options))
  const got = await (options.signal ? unlessAborted(turn, options.signal) : turn)
  if (!got.ok) return got
  const compiler = await install(transport, file, { ...options, arch })
  if (!compiler.ok) return compiler
  return ok({ kind: 'installed', compiler: compiler.value, checked: sha256 !== null })
}

/** The architectures that can be fetched for a machine, from the first version that has any. */
export async function fetchableArchs(
  options: Pick<FetchOptions, 'machineArch' | 'server' | 'versions' | 'signal'>,
): Promise<Result<string[]>> {
  let problem = fail('there is no list of toolchains')
  for (const version of options.versions ?? TOOLCHAIN_VERSIONS) {
    const page = toolchainPage(options.server ?? TOOLCHAIN_SERVER, options.machineArch, version)
    const html = await readPage(page, options.signal)
    if (html.ok) return ok(archsOf(archivesOf(html.value, page)))
    problem = html
  }
  return problem
}

type FoundArchive = {
  readonly archive: ToolchainArchive
  /** The name by which the server has it: the asked one or an alias. */
  readonly arch: string
  readonly version: string
  /** Its SHA-256, or why there is none. */
  readonly vouched: Result<string>
}

async function findArchive(options: FetchOptions): Promise<Result<FoundArchive>> {
  const { arch, aliases = [], machineArch, server = TOOLCHAIN_SERVER, signal } = options
  const problems: string[] = []
  for (const version of options.versions ?? TOOLCHAIN_VERSIONS) {
    const page = toolchainPage(server, machineArch, version)
    const html = await readPage(page, signal)
    if (!html.ok) {
      problems.push(html.problem.what)
      continue
    }
    const archives = archivesOf(html.value, page)
    for (const name of [arch, ...aliases]) {
      const archive = archiveFor(archives, name)
      if (!archive) continue
      const vouched = await findChecksum(page, archive, signal)
      return ok({ archive, arch: name, version, vouched })
    }
    problems.push(`${page} has no toolchain for ${arch}`)
  }
  return fail(
    problems.join('; '),
    'Another server can be set; its pages must be as kernel.org has them.',
  )
}

/** kernel.org has one list a folder; others put the sum beside the file. */
async function findChecksum(
  page: string,
  archive: ToolchainArchive,
  signal: AbortSignal | undefined,
): Promise<Result<string>> {
  const places = [`${page}sha256sums.asc`, `${archive.url}.sha256`, `${page}SHA256SUMS`]
  const problems: string[] = []
  for (const place of places) {
    const list = await readPage(place, signal)
    const sum = list.ok ? checksumOf(list.value, archive.name) : null
    if (sum !== null) return ok(sum)
    problems.push(list.ok ? `${place}: ${archive.name} is not in it` : list.problem.what)
  }
  return fail(`there is no checksum for ${archive.url} (${problems.join('; ')})`)
}

async function readPage(url: string, signal: AbortSignal | undefined): Promise<Result<string>> {
  try {
    const timeout = AbortSignal.timeout(30_000)
    const response = await fetchFollowing(url, {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
    if (!response.ok) return fail(`${url}: the server answered with status ${response.status}`)
    return ok(await boundedText(response, maxPageBytes))
  } catch (error) {
    signal?.throwIfAborted()
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return fail(`${url}: ${cause instanceof Error ? cause.message : cause}`, 'Is the network up?')
  }
}

function downloadArchive(
  archive: ToolchainArchive,
  file: string,
  sha256: string | null,
  options: FetchOptions,
): Promise<Result<void>> {
  const { signal, retryMs, onProgress } = options
  return download(archive.url, file, {
    sha256,
    ...(signal && { signal }),
    ...(retryMs !== undefined && { retryMs }),
    onProgress: (done, total) => onProgress?.({ step: 'downloading', done, total }),
  })
}

async function install(
  transport: Transport,
  file: string,
  { arch, signal, onProgress }: FetchOptions,
): Promise<Result<FoundCompiler>> {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.tar\.xz$|\.xz$/, '')
  const command = await shellScript('unpack-toolchain.sh', { arch, name })
  const { size: total } = await stat(file)
  const archive = Readable.from(
    counted(file, (done) => onProgress?.({ step: 'installing', done, total })),
    { objectMode: false },
  )
  try {
    const output = await run(transport, command, {
      stdin: archive,
      stallMs,
      ...(signal && { signal }),
    })
    const installed = output.stdout.split('\n').find((line) => line.startsWith('installed\t'))
    const compiler = installed === undefined ? null : installedCompiler(installed)
    if (compiler) return ok(compiler)
    // It may be the download that is bad, where no checksum vouched for it.
    if (/damaged/.test(output.stderr)) await rm(file, { force: true })
    const said = output.stderr.trim().split('\n').at(-1) ?? ''
    return fail(`${transport.machine}: the toolchain was not installed: ${said}`)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof TransportError) return fail(error.message, error.hint)
    throw error
  } finally {
    archive.destroy()
  }
}

/** A file's chunks as they are taken, and how much that is so far. */
async function* counted(file: string, taken: (bytes: number) => void): AsyncGenerator<Buffer> {
  let done = 0
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    done += chunk.length
    taken(done)
    yield chunk
  }
}

function installedCompiler(line: string): FoundCompiler | null {
  const [, gcc = '', versionLine = '', triple = ''] = line.split('\t')
  return foundCompiler(gcc, 'downloaded', { versionLine, triple })
}

/** Two machines that want the same file: the second finds what the first fetched. */
const turns = new Map<string, Promise<unknown>>()

function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(key) ?? Promise.resolve()).then(work)
  const settled = turn.catch(() => {})
  turns.set(key, settled)
  void settled.then(() => {
    if (turns.get(key) === settled) turns.delete(key)
  })
  return turn
}
