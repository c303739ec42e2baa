import type { BuildResultMessage } from '../../../src-worker/protocol/protocol.ts'
import { BUILD_AGAIN } from '../../results/board-files.ts'
import { failureWords } from '../scheduling/proof/failure-words.ts'

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

/** A make that fails by the source says so. One that says nothing ran out of disk or was killed. */
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

/** What a failed build said, to be compared with others; undefined for one that is well. */
export function wordsOfFailure(message: BuildResultMessage): readonly string[] | undefined {
  const { return_code, stderr, board, reason, reason_text } = message
  if (return_code === 0) return undefined
  const words = failureWords(stderr, [board])
  return words.length > 0 ? words : [reason_text ?? reason ?? `status ${return_code}`]
}

/** What make says where a file is from the future: of the machine's clock, not of the source. */
const clockIsOff = /^make(?:\[\d+\])?: warning: +clock skew detected/im

/**
 * What a build that ended well has against its machine: not a reason to build it again, but none of it is
 * the source's. Undefined for nothing.
 */
export function complaintOfMachine({ return_code, stderr }: BuildResultMessage) {
  if (return_code !== 0 || !clockIsOff.test(stderr)) return undefined
  return 'files there are from the future ("Clock skew detected"): its clock or its file server\'s is off, and what make warns of is not the code\'s'
}
