import type { Events } from '../../../src-preload/contract.ts'
import type { CompilerFetch } from '../../state/compilers-store.ts'

type Step = Events['toolchain:progress']

/** How far all of it is, from 0 to 1. Pure. */
export function progressOf(
  fetches: readonly CompilerFetch[],
  stepOf: (machine: string) => Step | undefined,
): number {
  const shares = fetches.map((one) => {
    if (one.state === 'waiting') return 0
    return one.state === 'fetching' ? shareOf(one, stepOf(one.machine)) : 1
  })
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, fetches.length)
}

/** It is downloaded, and then installed: half of it each. */
function shareOf({ arch }: CompilerFetch, step: Step | undefined): number {
  if (!step || step.arch !== arch || step.total <= 0) return 0
  const half = Math.min(1, step.done / step.total) / 2
  return step.step === 'installing' ? 0.5 + half : half
}

/** `downloading 12 of 95 MB`, `there`, or why it is not. */
export function fetchText(one: CompilerFetch, step: Step | undefined): string {
  switch (one.state) {
    case 'fetching':
      return step?.arch === one.arch ? stepText(step) : 'looking'
    case 'failed':
    case 'unvouched':
      return one.why
    default:
      return one.state
  }
}

function stepText({ step, done, total }: Step): string {
  if (total <= 0) return step
  const megabytes = (bytes: number) => Math.round(bytes / 1e6).toLocaleString('en')
  return `${step} ${megabytes(done)} of ${megabytes(total)} MB`
}
