import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Board } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { replaceFile } from '../../../src-system/replace-file.ts'
import { messageOf } from '../../error-text.ts'
import { columnNames, columnsOf } from './boards-cfg.ts'

const header = `# Boards of this tree, a line each; written by Slipway.
# It is made from configs/, Kconfig and MAINTAINERS: change those instead.
#
# ${[...columnNames, 'maintainers'].join(' ')}
#

`

/** Writes buildman's board list, whole or not at all; its folder is made where it is missing. */
export async function writeBoardsCfg(
  file: string,
  boards: readonly Board[],
): Promise<Result<void>> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await replaceFile(file, `${header}${columnsOf(boards).join('\n')}\n`)
    return ok(undefined)
  } catch (error) {
    return fail(`${file} can't be written: ${messageOf(error)}`)
  }
}
