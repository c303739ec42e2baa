import { resolve } from 'node:path'
import * as z from 'zod'
import { runFileEnding } from '../../src-core/sending/run-file.ts'

/** The run's file that a start of the app names, absolute; empty where it names none. */
export function givenFile(argv: readonly string[], cwd: string): string {
  const named = argv
    .slice(1)
    .findLast((word) => !word.startsWith('-') && word.endsWith(`.${runFileEnding}`))
  return named === undefined ? '' : resolve(cwd, named)
}

const startData = z.object({ file: z.string().max(4096) })

/** What a second start of the app tells the first one; empty where that is something else. */
export function fileOfStart(data: unknown): string {
  const parsed = startData.safeParse(data)
  return parsed.success ? parsed.data.file : ''
}
