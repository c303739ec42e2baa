import { machineTitle } from '../../src-core/basics/words.ts'
import { type BuildState, isBuilt } from '../../src-core/model.ts'
import type { PastBuild } from '../../src-preload/contract.ts'

/** Is it the code or the machine? What other builds of a board say about one of them. */
export type MachineDoubt = {
  readonly suspect: 'code' | 'machine' | 'unknown'
  readonly words: string
  /** Machine on which another build would tell; empty where there is no doubt. */
  readonly tryOn: string
}

/**
 * Compares a build with the newest one of the same source on another machine or, for want of that, with
 * one of other source there. Null where nothing speaks for or against a machine.
 */
export function suspicionOf(
  machine: string,
  state: BuildState,
  others: readonly PastBuild[],
): MachineDoubt | null {
  const elsewhere = others.filter((build) => build.machine !== '' && build.machine !== machine)
  const other = elsewhere.find(({ sameSource }) => sameSource) ?? elsewhere[0]
  if (!other || other.outcome === 'not built') return null
  const [here, there] = [machineTitle(machine), machineTitle(other.machine)]
  const failedThere = other.outcome === 'failed'
  if (state === 'failed') {
    if (failedThere) {
      const when = other.sameSource ? ', too' : ' before, too'
      return sure('code', `It failed on ${there}${when}: look at the code first.`)
    }
    if (other.sameSource)
      return sure('machine', `The same source built on ${there}: look at ${here}.`)
    return {
      suspect: 'unknown',
      words: `Other source built on ${there}. Is it the code, or ${here}?`,
      tryOn: other.machine,
    }
  }
  if (isBuilt(state) && failedThere && other.sameSource) {
    return sure('machine', `The same source failed on ${there}: look at ${there}.`)
  }
  return null
}

function sure(suspect: MachineDoubt['suspect'], words: string): MachineDoubt {
  return { suspect, words, tryOn: '' }
}
