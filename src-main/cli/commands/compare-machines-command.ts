import { areAlike, type ComparisonState } from '../../../src-core/alike/comparison-state.ts'
import { comparisonLines } from '../../../src-core/alike/comparison-texts.ts'
import { oneBoardAnArch } from '../../../src-core/alike/one-board-an-arch.ts'
import { listed, machineTitle, plural } from '../../../src-core/basics/words.ts'
import { LOCAL, type RunRequest } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import { compareMachines, type MachineComparison } from '../../boss/alike/compare-machines.ts'
import type { ListedBoards } from '../../boss/preparing/prepare-run.ts'
import { listOf } from '../arguments/flags.ts'
import type { Context } from '../context.ts'
import { sayJson, sayLines } from '../text/output.ts'
import { createStatusLine } from '../text/status-line.ts'
import { machineNames } from './machines-command.ts'

/**
 * `--compare-machines`: builds boards on several machines and compares; without terms one board an
 * architecture. Exits with 0 where all machines made the same images, else with 1.
 */
export async function compareMachinesCommand(
  request: RunRequest,
  selected: ListedBoards,
  context: Context,
): Promise<Result<number>> {
  const { boss, flags, output, signal } = context
  const names = machineNames(boss.fleet, flags)
  if (!names.ok) return names
  const machines = names.value.filter((name) => !(request.noLocal && name === LOCAL))
  const isChosen = flags.terms.length > 0 || listOf(flags, 'boards').length > 0
  const boards = isChosen ? selected.boards : oneBoardAnArch(selected.boards)
  const chosen = { ...selected, boards }
  const started = compareMachines(boss, { request, listed: chosen, machines, signal })
  if (!started.ok) return started
  const comparison = started.value
  const tellEnd = flags.on.has('json')
    ? (state: ComparisonState) => sayJson(output, { event: 'comparison', ...state })
    : showComparison(comparison, context)
  const state = await comparison.finished
  tellEnd(state)
  if (state.problem !== '') output.err(`slipway: ${state.problem}\n`)
  return ok(areAlike(state) ? 0 : 1)
}

/** A line for each build that ended, and at the end what they come to. */
function showComparison(
  comparison: MachineComparison,
  { output }: Context,
): (state: ComparisonState) => void {
  const told = new Set<string>()
  const status = createStatusLine(output, () => statusText(comparison.state))
  const { boards, machines } = comparison.state
  const where = listed(machines.map(machineTitle), 12)
  status.say(`Building ${plural(boards.length, 'board')} on ${where}`)
  comparison.onChange(() => {
    for (const { machine, board, outcome } of comparison.state.builds) {
      const key = `${machine}\n${board}`
      if (outcome === null || told.has(key)) continue
      told.add(key)
      status.say(`${board} on ${machineTitle(machine)}: ${outcome}`)
    }
    status.change()
  })
  return (state) => {
    status.end()
    sayLines(output, comparisonLines(state))
  }
}

function statusText({ phase, builds, differences }: ComparisonState): string {
  if (phase !== 'building') {
    const open = differences.filter(({ proof }) => proof === null).length
    return `Building again what differs: ${open} to go`
  }
  const done = builds.filter(({ outcome }) => outcome !== null).length
  return `${done} of ${builds.length} builds`
}
