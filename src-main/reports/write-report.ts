import { constants } from 'node:fs'
import { access, appendFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { replaceFile } from '../../src-system/replace-file.ts'
import { messageOf } from '../error-text.ts'

/** Whether a report can be written there, as far as that can be known before there is one. */
export async function checkReportFile(file: string): Promise<Result<void>> {
  const folder = dirname(file)
  try {
    if ((await stat(folder)).isDirectory()) await access(folder, constants.W_OK)
    else return refuse(file, `${folder} is no folder`)
    const there = await stat(file).catch(() => null)
    return there?.isDirectory() ? refuse(file, 'it is a folder') : ok(undefined)
  } catch (error) {
    return refuse(file, messageOf(error))
  }
}

/** Writes a report whole: what was there before stays until the new one is. Into a pipe or a device it goes as it is. */
export async function writeReport(
  file: string,
  content: string | Uint8Array,
): Promise<Result<void>> {
  try {
    const there = await stat(file).catch(() => null)
    if (there && !there.isFile() && !there.isDirectory()) await writeFile(file, content)
    else await replaceFile(file, content)
    return ok(undefined)
  } catch (error) {
    return refuse(file, messageOf(error))
  }
}

/** Adds to a file that others add to as well. */
export async function appendReport(file: string, text: string): Promise<Result<void>> {
  try {
    await appendFile(file, text)
    return ok(undefined)
  } catch (error) {
    return refuse(file, messageOf(error))
  }
}

function refuse(file: string, why: string): Result<never> {
  return fail(
    `${file} could not be written: ${why}`,
    'Name a file in a folder that you can write to',
  )
}
