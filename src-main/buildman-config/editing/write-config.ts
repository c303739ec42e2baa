import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { BlobRules } from '../../../src-core/blobs/blob-rules.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { replaceFile } from '../../../src-system/replace-file.ts'
import { messageOf } from '../../error-text.ts'
import { CONFIG_TEMPLATE, decodeConfig } from '../read-config.ts'
import { readConfigFile } from '../read-config-file.ts'
import { editBlobRules } from './edit-blob-rules.ts'
import { addDownloads, editMachines, type MachineEdit } from './edit-machines.ts'

/** What the file was before Slipway first changed it; never overwritten. */
export const BACKUP_SUFFIX = '.before-slipway'

/**
 * Changes the machines of a settings file, leaving every other byte as it was. The file is replaced
 * at once or not at all; one that is missing starts from buildman's template. All edits or none.
 */
export function writeMachines(file: string, edits: readonly MachineEdit[]): Promise<Result<void>> {
  return changeConfig(file, (text) => {
    let current = ok(text)
    for (const edit of edits) {
      if (!current.ok) break
      current = editMachines(current.value, edit)
    }
    return current
  })
}

/** Makes the toolchains that were fetched to this computer known to buildman and to us. */
export function writeDownloads(file: string): Promise<Result<void>> {
  return changeConfig(file, addDownloads)
}

/** Makes `[blobs]` say just these rules. */
export function writeBlobRules(file: string, rules: BlobRules): Promise<Result<void>> {
  return changeConfig(file, (text) => editBlobRules(text, rules))
}

/** One change of a file after the other: each must see what the one before it wrote. */
const queues = new Map<string, Promise<unknown>>()

/** Replaces a settings file by what `change` makes of its text. */
function changeConfig(
  file: string,
  change: (text: string) => Result<string>,
): Promise<Result<void>> {
  const path = resolve(file)
  const turn = (queues.get(path) ?? Promise.resolve()).then(() => changeNow(path, change))
  queues.set(
    path,
    turn.catch(() => {}),
  )
  return turn
}

async function changeNow(
  file: string,
  change: (text: string) => Result<string>,
): Promise<Result<void>> {
  try {
    const bytes = await readConfigFile(file)
    const text = bytes === null ? ok(CONFIG_TEMPLATE) : decodeConfig(bytes, file)
    if (!text.ok) return text
    const changed = change(text.value)
    if (!changed.ok) return fail(`${file}: ${changed.problem.what}`, changed.problem.hint)
    if (bytes !== null && changed.value === text.value) return ok(undefined)
    if (bytes !== null) await backUp(file)
    await replaceFile(file, changed.value, { flush: true })
    return ok(undefined)
  } catch (error) {
    return fail(`${file} can't be changed: ${messageOf(error)}`)
  }
}

async function backUp(file: string): Promise<void> {
  try {
    await copyFile(file, file + BACKUP_SUFFIX, constants.COPYFILE_EXCL)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
