import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Commit } from '../../src-core/model.ts'
import type { BuildResultMessage } from '../../src-worker/protocol/protocol.ts'
import { type BuildContext, type MadeRecord, makeRecord } from './make-record.ts'

/** A commit for tests; its hash is the letter forty times. */
export function commit(upto: number, letter: string, subject = 'A change'): Commit {
  return { upto, hash: letter.repeat(40), subject, author: 'A', currentSource: false }
}

export const currentSource: Commit = { ...commit(0, 'e', 'current source'), currentSource: true }

/** What a worker says of a build that went well, but for what is given. */
export function resultMessage(change: Partial<BuildResultMessage> = {}): BuildResultMessage {
  return {
    resp: 'build_result',
    board: 'jetty',
    commit_upto: 0,
    return_code: 0,
    stdout: '',
    stderr: '',
    duration_ms: 1500,
    cpu_ms: 1200,
    attempt: 1,
    sizes: { raw: ' 200780\t   7960\t      0\t 208740\t  32f64\tu-boot 000080eb' },
    out_cmd: 'make -s x_defconfig\nmake -s\n',
    out_env: 'LC_ALL="C"\n',
    toolchain: { gcc: '/usr/bin/arm-gcc', path: '/usr/bin', cross: 'arm-', arch: 'arm' },
    config: { 'u-boot.sizes': '00000010 T main\n' },
    ...change,
  }
}

/** Its record and texts, in a run of tests. */
export function finished(
  change: Partial<BuildResultMessage> = {},
  context: Partial<BuildContext> = {},
): MadeRecord {
  return makeRecord(resultMessage(change), {
    runId: 'run-1',
    machine: 'local',
    hash: 'a'.repeat(40),
    settings: 'target=',
    blobs: [],
    finishedAt: 1_700_000_000_000,
    isFirst: true,
    seconds: 1.5,
    absentFiles: [],
    keepsOutputs: true,
    ...context,
  })
}

/** A folder as buildman leaves it. */
export function buildmansFolder(dir: string, files: Record<string, string>): string {
  mkdirSync(dir, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return dir
}
