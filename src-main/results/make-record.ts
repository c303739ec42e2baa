/** From a worker's result to what is kept of it: the record, and the texts beside it. Pure. */
import type { BuildRecord, FailureProof } from '../../src-core/build/build-record.ts'
import { verdictOf } from '../../src-core/build/verdict.ts'
import { blobsLacking, describeMissing } from '../../src-core/diagnostics/missing-files.ts'
import { type BuildResultMessage, unpackFiles } from '../../src-worker/protocol/protocol.ts'
import { messageOf, oneLine } from '../error-text.ts'
import type { BuildTexts } from './board-files.ts'
import { parseSizes } from './sizes.ts'
import { toolchainText } from './toolchain-text.ts'

/** What the run knows of a build beside what the worker says. */
export type BuildContext = Pick<
  BuildRecord,
  'runId' | 'machine' | 'hash' | 'settings' | 'blobs' | 'finishedAt'
> & {
  /** The first commit that the worker built of this board, so that every warning showed. */
  readonly isFirst: boolean
  /** Hash of the commit whose result the worker says this is; absent where it was built. */
  readonly asBefore?: string | undefined
  /** Seconds since it was given out, for workers that do not measure. */
  readonly seconds: number
  /** Files of the working tree that the commit lacks, since git ignores them. */
  readonly absentFiles: readonly string[]
  /** Whether the run keeps outputs; else what the worker announces is none of its business. */
  readonly keepsOutputs: boolean
  /** Of a failure. */
  readonly proof?: FailureProof | undefined
}

export type MadeRecord = { readonly record: BuildRecord; readonly texts: BuildTexts }

/** Judges a result and makes its record. Damaged extra files are named and left out, never the result. */
export function makeRecord(message: BuildResultMessage, context: BuildContext): MadeRecord {
  const { isFirst, seconds, absentFiles, keepsOutputs, proof, asBefore, ...known } = context
  const { return_code: returnCode, stderr, stdout, toolchain } = message
  const sizes = message.sizes?.raw ?? ''
  const verdict = verdictOf(returnCode, stderr)
  const more = moreTexts(message)
  const record: BuildRecord = {
    ...known,
    ...verdict,
    ...(verdict.outcome === 'failed' && proof && { proof }),
    ...(asBefore !== undefined && { asBefore }),
    returnCode,
    sizes: parseSizes(sizes),
    attempt: message.attempt ?? 1,
    seconds: message.duration_ms === undefined ? seconds : message.duration_ms / 1000,
    cpuSeconds: (message.cpu_ms ?? 0) / 1000,
    fromScratch: isFirst,
    reconfigured: message.kconfig_changed ?? false,
    reason:
      message.reason_text ?? message.reason ?? describeMissing(returnCode, stderr, absentFiles),
    lacks: blobsLacking(returnCode, stderr),
    truncated: message.truncated ?? [],
    ccache: message.ccache ?? null,
    keepsOutputs,
    outputs: keepsOutputs ? (message.kept ?? []) : [],
    problems: more.problem === '' ? [] : [more.problem],
  }
  const texts = {
    ...more.files,
    log: stdout,
    err: stderr,
    sizes,
    'out-cmd': message.out_cmd ?? '',
    'out-env': message.out_env ?? '',
    toolchain: toolchain ? toolchainText(toolchain, returnCode) : '',
  }
  return { record, texts }
}

/** A board for which there is no compiler, as buildman would leave it. */
export function withoutToolchain(
  arch: string,
  reason: string,
  known: Pick<BuildRecord, 'runId' | 'hash' | 'settings' | 'finishedAt'>,
): MadeRecord {
  const err = `Tool chain error for ${arch}: ${reason}`
  const { runId, hash, settings, finishedAt } = known
  const record: BuildRecord = {
    ...{ runId, hash, settings, finishedAt },
    ...verdictOf(10, err),
    returnCode: 10,
    machine: '',
    blobs: [],
    lacks: [],
    sizes: [],
    attempt: 0,
    seconds: 0,
    cpuSeconds: 0,
    fromScratch: false,
    reconfigured: false,
    reason,
    truncated: [],
    ccache: null,
    keepsOutputs: false,
    outputs: [],
    problems: [],
  }
  return { record, texts: { err } }
}

/** With what is wrong with them, in words; such a build is done again in a later run. */
function moreTexts(message: BuildResultMessage): {
  readonly files: Record<string, string>
  readonly problem: string
} {
  const files: Record<string, string> = { ...message.config }
  if (message.lines !== undefined) files.lines = message.lines
  if (message.files_gz === undefined) return { files, problem: '' }
  try {
    return { files: { ...files, ...unpackFiles(message.files_gz) }, problem: '' }
  } catch (error) {
    const why = oneLine(messageOf(error), 200)
    return { files, problem: `its configuration and sizes came damaged: ${why}` }
  }
}
