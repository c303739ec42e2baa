/**
 * What a build folder holds is written down in it when a build is over, so that the next build knows
 * whether it can go on from there. A folder without that stamp was left in the middle of something.
 */
import { createHash } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Children } from '../processes/children.ts'
import type { Environment } from '../tools/environment.ts'
import type { CrossCompiler } from '../tools/toolchain.ts'
import { comparableLines, filesToRemake } from './hidden-warnings.ts'

/** Of a build that went well. */
export type Stamp = {
  readonly board: string
  /** Of everything but the source that shapes the build. */
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly endedAt: number
  /** Of its stderr: see hidden-warnings.ts. */
  readonly comparableLines: readonly string[]
  readonly filesToRemake: readonly string[]
}

const stampFile = '.slipway-build.json'

/** The stamp of a folder; null if there is none that can be read. */
export async function readStamp(outDir: string): Promise<Stamp | null> {
  try {
    const stamp = JSON.parse(await readFile(join(outDir, stampFile), 'utf8'))
    const lists = Array.isArray(stamp.comparableLines) && Array.isArray(stamp.filesToRemake)
    return lists && typeof stamp.board === 'string' ? stamp : null
  } catch {
    return null
  }
}

export async function removeStamp(outDir: string): Promise<void> {
  await rm(join(outDir, stampFile), { force: true })
}

export async function writeStamp(
  outDir: string,
  about: { readonly board: string; readonly fingerprint: string; readonly stderr: string },
): Promise<void> {
  const { board, fingerprint, stderr } = about
  const stamp: Stamp = {
    board,
    fingerprint,
    endedAt: Date.now(),
    comparableLines: comparableLines(stderr),
    filesToRemake: filesToRemake(stderr),
  }
  await writeFile(join(outDir, stampFile), JSON.stringify(stamp))
}

/**
 * Whether a build can go on from what a folder holds. After a clock that was set back, files of the tree
 * may look older than what was made of them.
 */
export function canGoOn(stamp: Stamp | null, board: string, fingerprint: string): stamp is Stamp {
  return (
    stamp !== null &&
    stamp.board === board &&
    stamp.fingerprint === fingerprint &&
    stamp.endedAt <= Date.now()
  )
}

/** Of the commands and the compiler; another one means a build from scratch. */
export function fingerprintOf(commands: readonly string[], toolchain: CrossCompiler): string {
  const { size, mtimeMs } = statSync(toolchain.gcc)
  const parts = [...commands, toolchain.gcc, size, mtimeMs]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** To remove so few costs less than to start a program. */
const FEW = 32

/** What lies directly in a folder, where all in it and below is few; null where it is more. */
function fewEntries(dir: string): readonly string[] | null {
  const top = readdirSync(dir, { withFileTypes: true })
  const waiting = top.map((entry) => ({ entry, path: join(dir, entry.name) }))
  for (let at = 0; at < waiting.length; at += 1) {
    if (waiting.length > FEW) return null
    const { entry, path } = waiting[at] ?? {}
    if (!entry?.isDirectory() || path === undefined) continue
    const below = readdirSync(path, { withFileTypes: true })
    waiting.push(...below.map((inner) => ({ entry: inner, path: join(path, inner.name) })))
  }
  return top.map(({ name }) => name)
}

/** Empties a build folder. */
export async function emptyFolder(
  children: Children,
  outDir: string,
  env: Environment,
  slot: number,
): Promise<void> {
  const entries = fewEntries(outDir)
  if (entries !== null) {
    for (const entry of entries) rmSync(join(outDir, entry), { recursive: true, force: true })
    return
  }
  // Thousands of files: find is far quicker than we are.
  const argv = ['find', outDir, '-mindepth', '1', '-delete']
  const said = await children.capture(argv, { cwd: '/', env, slot })
  if (said.code !== 0) throw new Error(`can't empty ${outDir}: ${said.stderr.trim()}`)
}
