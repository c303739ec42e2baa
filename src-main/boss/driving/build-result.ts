import { type BuildResultMessage, unpackFiles } from '../../../src-worker/protocol/protocol.ts'
import { BUILD_AGAIN, type FinishedBuild } from '../../results/board-files.ts'

/** What the run knows of a build beside what the worker says. */
export type BuildContext = {
  readonly runId: string
  readonly machine: string
  readonly hash: string
  /** Of `settingsFingerprint`. */
  readonly settings: string
  /** Milliseconds since 1970. */
  readonly finishedAt: number
  /** The first commit that the worker built of this board, so that every warning showed. */
  readonly isFirst: boolean
  /** Seconds since it was given out, for workers that do not measure. */
  readonly seconds: number
}

/** A worker's result as it is kept. Damaged extra files are left out, never the result. */
export function finishedBuild(message: BuildResultMessage, context: BuildContext): FinishedBuild {
  const { runId, machine, hash, settings, finishedAt } = context
  return {
    returnCode: message.return_code,
    stdout: message.stdout,
    stderr: message.stderr,
    machine,
    sizes: message.sizes?.raw ?? '',
    outCmd: message.out_cmd ?? '',
    outEnv: message.out_env ?? '',
    toolchain: message.toolchain ?? null,
    files: filesOf(message),
    own: {
      runId,
      hash,
      settings,
      attempt: message.attempt ?? 1,
      seconds: message.duration_ms === undefined ? context.seconds : message.duration_ms / 1000,
      cpuSeconds: (message.cpu_ms ?? 0) / 1000,
      finishedAt,
      fromScratch: context.isFirst,
      reason: message.reason_text ?? message.reason ?? '',
    },
  }
}

function filesOf(message: BuildResultMessage): Record<string, string> {
  const files: Record<string, string> = { ...message.config }
  if (message.lines !== undefined) files.lines = message.lines
  if (message.files_gz === undefined) return files
  try {
    return { ...files, ...unpackFiles(message.files_gz) }
  } catch {
    return files
  }
}

/**
 * Why a result says more about the machine than about the source, so that the board is better built
 * elsewhere; null for an honest result. `arch`: the machine can build no board like it.
 */
export function machineToBlame(
  message: BuildResultMessage,
): { readonly reason: string; readonly blame: 'board' | 'arch' } | null {
  const text = message.reason_text ?? message.reason ?? ''
  switch (message.reason) {
    case 'no toolchain':
      return { reason: text, blame: 'arch' }
    case 'disk full':
    case 'out of memory':
    case 'checkout failed':
    case 'worker error':
      return { reason: text, blame: 'board' }
    case undefined:
      return suspicious(message)
    default:
      return null
  }
}

/** What buildman's own worker says in place of a reason (reference, section 5). */
const buildmanHasNoCompiler = /^Tool chain error for /

/** A make that fails for the source's fault says so; one that can't even speak lacks disk or life. */
function suspicious({ return_code, stderr }: BuildResultMessage) {
  if (return_code !== 0 && buildmanHasNoCompiler.test(stderr)) {
    return { reason: stderr.trim(), blame: 'arch' } as const
  }
  if (return_code === BUILD_AGAIN) {
    return { reason: 'the machine could not build it', blame: 'board' } as const
  }
  if (return_code === 0 || stderr.trim() !== '') return null
  return {
    reason: `make failed with status ${return_code} without a word (is the disk full?)`,
    blame: 'board',
  } as const
}
