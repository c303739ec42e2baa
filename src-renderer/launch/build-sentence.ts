import { listed, machineTitle, plural } from '../../src-core/basics/words.ts'
import { LOCAL } from '../../src-core/model.ts'
import type { PlanSummary } from '../../src-preload/contract.ts'

/** `about 6 min`, `2 to 5 min`, `under a minute`: as exact as such a guess can be. */
export function estimateText(estimate: NonNullable<PlanSummary['estimate']>): string {
  const { low, high } = estimate
  if (high < 60) return 'under a minute'
  const [from, to] = [roughMinutes(low), roughMinutes(high)]
  return from === to ? `about ${inWords(from)}` : `${bareOrWords(from, to)} to ${inWords(to)}`
}

function roughMinutes(seconds: number): number {
  const minutes = Math.max(1, Math.round(seconds / 60))
  return minutes < 20 ? minutes : Math.round(minutes / 5) * 5
}

function inWords(minutes: number): string {
  if (minutes < 100) return `${minutes} min`
  const halves = Math.round(minutes / 30) / 2
  return `${halves} h`
}

/** The unit is said once where both ends have the same. */
function bareOrWords(from: number, to: number): string {
  return from < 100 && to < 100 ? String(from) : inWords(from)
}

/**
 * What the Build button will do, in one sentence. Boards that no machine can build are not among
 * those that it names.
 */
export function buildSentence(chosen: number, commits: number, plan: PlanSummary | null): string {
  if (plan && isAllBuilt(plan)) {
    return chosen === 1 ? 'It is built already' : `All ${plural(chosen, 'board')} are built already`
  }
  const what = whatText(chosen, commits, plan)
  if (!plan) return what
  const names = plan.machines.filter((machine) => machine.boards > 0).map(({ name }) => name)
  const others = names.filter((name) => name !== LOCAL)
  const where = listed([...others, ...names.filter((name) => name === LOCAL)].map(machineTitle))
  const time = plan.estimate ? `, ${estimateText(plan.estimate)}` : ''
  return `${what}${where ? ` on ${where}` : ''}${time}${askedText(plan)}`
}

/** `, and ask cluster for up to 4 machines and lab for up to 2`; empty where no provider is asked. */
function askedText({ providers }: PlanSummary): string {
  const [first, ...others] = providers
  if (!first) return ''
  const asked = [
    `${first.name} for up to ${plural(first.nodes, 'machine')}`,
    ...others.map(({ name, nodes }) => `${name} for up to ${nodes}`),
  ]
  return `, and ask ${listed(asked)}`
}

/** Everything that is asked for has its outcome, so that nothing would be built. */
export function isAllBuilt({ builds, previously }: PlanSummary): boolean {
  return builds > 0 && previously === builds
}

/** `Build 34 of 40 boards`, `Build 40 boards at 3 commits, 88 of 120 builds`. */
function whatText(chosen: number, commits: number, plan: PlanSummary | null): string {
  const cannot = plan ? unbuildable(plan) : 0
  const open = plan ? plan.builds - plan.previously : chosen * commits
  const isPart = plan !== null && plan.previously > 0
  if (commits === 1) {
    const count = (open - cannot).toLocaleString('en')
    return isPart
      ? `Build ${count} of ${plural(chosen, 'board')}`
      : `Build ${plural(chosen - cannot, 'board')}`
  }
  const what = `Build ${plural(chosen - cannot, 'board')} at ${plural(commits, 'commit')}`
  if (!isPart) return what
  return `${what}, ${open.toLocaleString('en')} of ${plural(plan.builds, 'build')}`
}

/** Boards of a plan that no machine can build. */
export function unbuildable({ notBuilt }: Pick<PlanSummary, 'notBuilt'>): number {
  return notBuilt.reduce((sum, { boards }) => sum + boards.length, 0)
}
