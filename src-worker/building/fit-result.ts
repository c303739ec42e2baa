import { MAX_LINE_BYTES } from '../protocol/json-lines.ts'
import type { BuildResultInput } from '../protocol/protocol.ts'
import { leftOut } from './build-log.ts'

/** Escaped, a character takes at most this many bytes (`\u0000`). */
const WORST_ESCAPE = 6

/** Said in its log, and not as a problem for which it would be built again: it would leave as much. */
const withoutFiles =
  '\nslipway: configuration, sizes and lines of this build are too large to be sent: they are left out\n'

/**
 * Makes sure that a result fits in a line: what can be missed goes first, then all but the end of the
 * texts. Nothing is done to the usual result, which is far smaller.
 */
export function fitResult(result: BuildResultInput): BuildResultInput {
  const { stdout, stderr, files_gz = '', lines = '', config = {} } = result
  const texts = [stdout, stderr, files_gz, lines, result.out_env ?? '', ...Object.values(config)]
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  if (length * WORST_ESCAPE < MAX_LINE_BYTES / 2 || fits(result)) return result
  const { files_gz: _files, config: _config, lines: _lines, ...others } = result
  const lean = { ...others, stdout: `${stdout}${withoutFiles}` }
  if (fits(lean)) return lean
  const end = (text: string) => {
    const kept = text.slice(-MAX_LINE_BYTES / 64)
    return leftOut(Buffer.byteLength(text) - Buffer.byteLength(kept)) + kept
  }
  return { ...lean, stdout: end(lean.stdout), stderr: end(stderr), truncated: ['stdout', 'stderr'] }
}

function fits(result: BuildResultInput): boolean {
  return Buffer.byteLength(JSON.stringify(result)) < MAX_LINE_BYTES - 1024
}
