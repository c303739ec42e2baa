import { join, resolve } from 'node:path'
import type { SelectedBoards } from '../../../src-core/boards/selection.ts'
import type { Commit, RunRequest } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { ListedBoards } from '../../boss/preparing/prepare-run.ts'
import { checkLayout, resultPlace } from '../../results/output-layout.ts'
import type { TreeBoards } from '../../tree/boards/board-list.ts'
import { listBoards } from '../../tree/boards/list-boards.ts'
import { writeBoardsCfg } from '../../tree/boards/write-boards-cfg.ts'
import { readCommits } from '../../tree/commits.ts'
import { chooseBoards } from '../arguments/choose-boards.ts'
import { idleFlags, lastValue } from '../arguments/flags.ts'
import { outputDirOf, requestOf } from '../arguments/request.ts'
import { type Context, tell, warn } from '../context.ts'
import { boardRows, boardsAsText, inVain } from '../text/board-text.ts'
import { sayJson, sayLines } from '../text/output.ts'
import { bisectCommand } from './bisect-command.ts'
import { buildCommand, shareOfThisComputer } from './build-command.ts'
import { compareMachinesCommand } from './compare-machines-command.ts'
import { dryRunLines } from './dry-run.ts'
import { printToolchain } from './print-toolchain.ts'
import { summaryCommand } from './summary-command.ts'
import { checkReports } from './write-reports.ts'

/** Everything that starts from a selection of boards: listing, planning, building, summing up. */
export async function boardsCommand(context: Context): Promise<Result<number>> {
  const { boss, flags, output } = context
  const { on, values } = flags
  const checks = on.has('maintainer-check') || on.has('full-check')
  if (checks || values.has('regen-board-list')) return checkBoards(context)
  const selected = await selectFrom(context)
  if (!selected.ok) return selected
  const { boards } = selected.value
  if (flags.on.has('list-boards')) {
    if (flags.on.has('json')) sayJson(output, boardRows(boards), 1)
    else output.out(boardsAsText(boards))
    return ok(0)
  }
  if (on.has('print-prefix') || on.has('print-arch')) return printToolchain(boards, context)
  for (const line of idleFlags(flags)) warn(context, line)
  const names = boards.map(({ target }) => target)
  const request = requestOf(flags, names, boss.fleet.config())
  // A summary has no run that would ask.
  const layout = checkLayout(request)
  if (!layout.ok) return layout
  const listed = { boards, symbols: selected.value.symbols }
  if (flags.on.has('dry-run')) return dryRun(context, selected.value, request)
  const reports = await checkReports(flags)
  if (!reports.ok) return reports
  // A dry run says so in its own text.
  for (const line of inVain(selected.value)) tell(context, line)
  if (flags.values.has('bisect')) return bisectCommand(request, listed, context)
  if (on.has('compare-machines')) return compareMachinesCommand(request, listed, context)
  if (flags.on.has('summary')) return summaryCommand(request, boards, context)
  const status = await buildCommand(request, listed, context)
  if (!on.has('build-summary') || context.signal.aborted) return ok(status)
  const summed = await summaryCommand(request, boards, context)
  return summed.ok ? ok(status) : summed
}

/** The boards of the tree that the flags name. */
function listTree({ places, flags, signal }: Context): Promise<Result<TreeBoards>> {
  return listBoards(resolve(lastValue(flags, 'git') ?? '.'), {
    cacheDir: places.cacheDir,
    threadFile: places.scanThread,
    signal,
  })
}

/** `-R` and the two checks: status 2 where something is wrong with the tree's list, as buildman. */
async function checkBoards(context: Context): Promise<Result<number>> {
  const { flags, output } = context
  const listed = await listTree(context)
  if (!listed.ok) return listed
  const { boards, targetWarnings } = listed.value
  const targets = flags.on.has('full-check') ? targetWarnings : []
  const warnings = [...targets, ...listed.value.warnings]
  for (const warning of warnings) output.err(`${warning}\n`)
  const file = lastValue(flags, 'regen-board-list')
  if (file !== undefined) {
    const path = file === '-' ? join(outputDirOf(flags), 'boards.cfg') : resolve(file)
    const written = await writeBoardsCfg(path, boards)
    if (!written.ok) return written
  }
  return ok(warnings.length > 0 ? 2 : 0)
}

async function selectFrom(
  context: Context,
): Promise<Result<SelectedBoards & Pick<ListedBoards, 'symbols'>>> {
  const { flags, output } = context
  const listed = await listTree(context)
  if (!listed.ok) return listed
  const { boards, extended, extendedProblem, notes, warnings } = listed.value
  for (const note of notes) warn(context, note)
  if (flags.on.has('list-boards') || flags.on.has('debug')) {
    for (const warning of warnings) output.err(`${warning}\n`)
  }
  if (flags.on.has('extend') && extendedProblem !== '') return fail(extendedProblem)
  const chosen = chooseBoards(flags.on.has('extend') ? [...boards, ...extended] : boards, flags)
  if (!chosen.ok) return chosen
  if (chosen.value.boards.length > 0 || flags.on.has('list-boards')) {
    return ok({ ...chosen.value, symbols: listed.value })
  }
  const { notFound } = chosen.value
  return fail(
    'No matching boards found',
    notFound.length > 0 ? `not found: ${notFound.join(', ')}` : '',
  )
}

/** Of the current source there is nothing to show. */
async function commitsToShow(
  { treeDir, commits }: RunRequest,
  { places, signal }: Context,
): Promise<readonly Commit[]> {
  if (commits.kind === 'current') return []
  const series = await readCommits(treeDir, commits, { cacheDir: places.cacheDir, signal })
  return series.ok ? series.value.commits : []
}

async function dryRun(
  context: Context,
  selected: SelectedBoards & Pick<ListedBoards, 'symbols'>,
  request: RunRequest,
): Promise<Result<number>> {
  const { boss, flags, output, signal } = context
  const planned = await boss.plan(request, { listed: selected, signal })
  if (!planned.ok) return planned
  const plan = planned.value
  if (flags.on.has('json')) {
    sayJson(output, plan, 1)
    return ok(0)
  }
  const commits = await commitsToShow(request, context)
  const here = shareOfThisComputer(boss, request)
  const verbose = flags.on.has('verbose')
  const { base } = resultPlace(request)
  sayLines(output, dryRunLines({ request, selected, commits, plan, here, verbose, base }))
  return ok(0)
}
