import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildRecord, KeptOutput } from '../../src-core/build/build-record.ts'
import { sha256OfFile } from '../../src-system/file-digest.ts'
import { outputPathProblem } from './board-files.ts'

/** What `-k` keeps of every build that makes an image; buildman leaves other `u-boot.*` without it, too. */
const keptByBuildman = /^(?:u-boot|MLO|SPL)$|\.(?:map|bin|rom|itb|img)$/

/**
 * Whether the outputs of a build are in its folder, for a run that is to keep them. A boss that is
 * killed writes a result and never learns that its outputs did not come: only the files themselves
 * can tell. They are read through, since a disk that went bad, or a person, leaves the size as it
 * was. A build that failed owes none but those that it lists.
 */
export async function hasOutputs(dir: string, record: BuildRecord): Promise<boolean> {
  if (record.outputs.length > 0) {
    for (const output of record.outputs) if (!(await isWhole(dir, output))) return false
    return true
  }
  if (record.returnCode !== 0 || record.keepsOutputs) return true
  return record.runId === '' && namesIn(dir).some((name) => keptByBuildman.test(name))
}

/** A worker of before says no SHA-256; then its size has to do. */
async function isWhole(dir: string, { path, size, sha256 }: KeptOutput): Promise<boolean> {
  if (outputPathProblem(path) !== '') return false
  const file = join(dir, path)
  try {
    const found = lstatSync(file)
    if (!found.isFile() || found.size !== size) return false
    return sha256 === '' || (await sha256OfFile(file)) === sha256
  } catch {
    return false
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
