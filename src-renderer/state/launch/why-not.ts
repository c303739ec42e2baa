import type { ProviderWish } from '../../../src-core/provider.ts'
import type { LaunchState } from './launch-store.ts'

/** Why no run can be started, in words; empty if one can. */
export function whyNot(
  launch: LaunchState,
  {
    distribute,
    noLocal,
    wishes,
  }: {
    readonly distribute: boolean
    readonly noLocal: boolean
    readonly wishes: readonly ProviderWish[]
  },
): string {
  const { tree, boards, choice, commits, plan } = launch
  if (tree.status === 'idle') return 'Open a tree first.'
  if (tree.status === 'loading' || boards.status === 'loading') return 'Reading the tree …'
  if (tree.status === 'failed') return tree.problem.what
  if (boards.status === 'failed') return boards.problem.what
  const [mistake] = choice.problems
  if (mistake) return `The board filter has a mistake: ${mistake.message}.`
  if (choice.shown.length === 0) return 'No board matches the filter.'
  if (choice.chosen.length === 0) return 'No board is ticked.'
  if (commits.status === 'failed') return commits.problem.what
  if (noLocal && !distribute && wishes.length === 0) {
    return 'Nothing may build: this computer is left out and Distribute is off.'
  }
  if (plan.status === 'failed') return plan.problem.what
  return plan.status === 'ready' ? plan.value.blocked : ''
}
