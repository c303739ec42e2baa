/**
 * A commit that changes nothing of what a board is built from is not built: it has the result of a build
 * that went well before (docs/affected.md). The newest of each board is kept in the work folder, so that
 * the next run begins with it, as long as compiler, settings and environment are the same.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { type BuildInputs, inputsText, parseInputs } from '../../src-core/affected/build-inputs.ts'
import { whyAffected } from '../../src-core/affected/why-affected.ts'
import { replaceFile } from '../../src-system/replace-file.ts'
import { type BuildResultInput, parseWorkerMessage } from '../protocol/protocol.ts'
import { fileNameOf } from '../source/file-name.ts'
import type { Building, Series } from '../source/series.ts'

/** A build of a board that went well, and what it read. */
export type Basis = {
  /** Of its commit. */
  readonly hash: string
  readonly result: BuildResultInput
  readonly inputs: BuildInputs
}

/** The result of the basis, for this commit; null where it is to be built. */
export async function asBefore(
  series: Series,
  basis: Basis | null,
  building: Building,
): Promise<BuildResultInput | null> {
  const hash = series.hashes[building.commit_upto]
  if (basis === null || hash === undefined) return null
  const change = await series.sourceChange(basis.hash, hash).catch(() => null)
  if (change === null || whyAffected(basis.inputs, change) !== null) return null
  const { return_code, stderr, stdout, lines, config, files_gz, truncated } = basis.result
  const { sizes, out_cmd, out_env, toolchain } = basis.result
  return {
    resp: 'build_result',
    ...building,
    ...{ return_code, stderr, stdout, lines, config, files_gz, truncated },
    ...{ sizes, out_cmd, out_env, toolchain },
    load_avg: loadavg()[0] ?? 0,
    duration_ms: 0,
    cpu_ms: 0,
    reconfigured: false,
    as_before: basis.hash,
  }
}

/** Longer than this nothing is left out for a build: who knows what became of the machine. */
const KEEP_MS = 14 * 24 * 3600 * 1000
/** A result with its log is rarely a tenth of it. */
const MOST_BYTES = 8 * 1024 * 1024

const keptSchema = z.object({
  shape: z.string(),
  hash: z.string(),
  inputs: z.string(),
  result: z.record(z.string(), z.unknown()),
})

/** @param shape of the builds that it may stand for: see `shapeOf` */
export async function keepBasis(workDir: string, shape: string, basis: Basis): Promise<void> {
  const { hash, result, inputs } = basis
  const text = inputsText(inputs)
  if (text === null) return
  const kept = JSON.stringify({ shape, hash, inputs: text, result })
  if (kept.length > MOST_BYTES) return
  await mkdir(folderOf(workDir), { recursive: true })
  await replaceFile(fileOf(workDir, result.board), kept)
}

/** Null where none is kept of this board, or of other settings. */
export async function keptBasis(
  workDir: string,
  shape: string,
  board: string,
): Promise<Basis | null> {
  try {
    const kept = keptSchema.parse(JSON.parse(await readBounded(fileOf(workDir, board))))
    const parsed = parseWorkerMessage(kept.result)
    const inputs = parseInputs(kept.inputs)
    if (kept.shape !== shape || !parsed.ok || inputs === null) return null
    const { message } = parsed
    const isWell = message.resp === 'build_result' && message.return_code === 0
    return isWell && message.board === board ? { hash: kept.hash, result: message, inputs } : null
  } catch {
    return null
  }
}

/** Equal texts of what shapes a build mean equal builds of equal sources. */
export function shapeOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** Removes what has become too old. */
export async function forgetOldBases(workDir: string): Promise<void> {
  const folder = folderOf(workDir)
  for (const name of await readdir(folder).catch(() => [])) {
    const file = join(folder, name)
    const { mtimeMs } = await stat(file)
    if (Math.abs(Date.now() - mtimeMs) > KEEP_MS) await rm(file, { force: true })
  }
}

function folderOf(workDir: string): string {
  return join(workDir, 'as-before')
}

function fileOf(workDir: string, board: string): string {
  return join(folderOf(workDir), `${fileNameOf(board)}.json`)
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    if ((await file.stat()).size > MOST_BYTES) throw new Error(`${path} is too long`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}
