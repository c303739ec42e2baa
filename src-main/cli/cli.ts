import { homedir } from 'node:os'
import { resolve } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import type { Board } from '../../src-preload/model.ts'
import type { Result } from '../../src-preload/result.ts'
import type { SelectedBoards } from '../../src-preload/selection.ts'
import { type Boss, createBoss } from '../boss/boss.ts'
import { defaultConfigFile } from '../settings/buildman-config.ts'
import { columnsOf } from '../tree/boards-cfg.ts'
import { listBoards } from '../tree/list-boards.ts'
import { buildCommand, planLines } from './build-command.ts'
import { chooseBoards, countLines } from './choose-boards.ts'
import { type Flags, lastValue, readFlags } from './flags.ts'
import { helpText } from './help.ts'
import { killWorkersCommand, listToolchainsCommand, machinesCommand } from './machines-command.ts'
import { type Output, sayProblem, terminalOutput } from './output.ts'
import { findPlaces, type Places } from './places.ts'
import { requestOf } from './request.ts'
import { summaryCommand } from './summary-command.ts'
import { terminalAsker } from './terminal-asker.ts'

/** What a command needs. */
type Context = {
  readonly boss: Boss
  readonly places: Places
  readonly flags: Flags
  readonly output: Output
}

const output = terminalOutput()
process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const read = readFlags(argv)
  if (!read.ok) {
    sayProblem(output, read.problem)
    return 1
  }
  const flags = read.value
  if (flags.on.has('help')) return print(helpText())
  if (flags.on.has('version')) return print(`slipway ${packageJson.version}\n`)
  const places = findPlaces()
  const boss = createBoss({
    configFile: resolve(lastValue(flags, 'config-file') ?? defaultConfigFile(homedir())),
    cacheDir: places.cacheDir,
    stateDir: places.stateDir,
    workerFile: places.workerFile,
    scanThread: places.scanThread,
    ask: terminalAsker(),
    allowDifferentCompilers: flags.on.has('allow-different-compilers'),
  })
  try {
    const config = await boss.fleet.reload()
    if (!config.ok) {
      sayProblem(output, config.problem)
      return 1
    }
    return await command({ boss, places, flags, output })
  } finally {
    await boss.close()
  }
}

function command(context: Context): Promise<number> {
  const { boss, flags } = context
  if (flags.on.has('kill-workers')) return killWorkersCommand(boss.fleet, flags, output)
  if (flags.on.has('list-tool-chains')) return listToolchainsCommand(boss.fleet, flags, output)
  if (flags.on.has('machines')) return machinesCommand(boss.fleet, context.places, flags, output)
  return boardsCommand(context)
}

/** Everything that starts from a selection of boards. */
async function boardsCommand(context: Context): Promise<number> {
  const { boss, flags } = context
  const selected = await selectFrom(context)
  if (!selected.ok) {
    sayProblem(output, selected.problem)
    return 1
  }
  const { boards, notFound } = selected.value
  if (flags.on.has('list-boards')) return listCommand(boards, flags)
  if (boards.length === 0) return complain('No matching boards found')
  if (notFound.length > 0) complain(`Boards not found: ${notFound.join(', ')}`)
  const names = boards.map(({ target }) => target)
  const request = requestOf(flags, names, boss.fleet.config().allowMissing)
  if (flags.on.has('summary')) return summaryCommand(request, boards, context.places, flags, output)
  if (flags.on.has('dry-run')) return dryRun(context, selected.value, request)
  return buildCommand(boss, request, flags, output)
}

async function selectFrom({ places, flags }: Context): Promise<Result<SelectedBoards>> {
  const treeDir = resolve(lastValue(flags, 'git') ?? '.')
  const listed = await listBoards(treeDir, {
    cacheDir: places.cacheDir,
    threadFile: places.scanThread,
  })
  if (!listed.ok) return listed
  for (const warning of listed.value.warnings) {
    if (flags.on.has('list-boards') || flags.on.has('debug')) output.err(`${warning}\n`)
  }
  return chooseBoards(listed.value.boards, flags)
}

function listCommand(boards: readonly Board[], flags: Flags): number {
  if (flags.on.has('json')) {
    const rows = boards.map(({ extended: _, ...board }) => board)
    return print(`${JSON.stringify(rows, null, 1)}\n`)
  }
  return print(
    columnsOf(boards)
      .map((line) => `${line}\n`)
      .join(''),
  )
}

async function dryRun(
  { boss, flags }: Context,
  selected: SelectedBoards,
  request: ReturnType<typeof requestOf>,
): Promise<number> {
  const plan = await boss.plan(request)
  if (!plan.ok) {
    sayProblem(output, plan.problem)
    return 1
  }
  if (flags.on.has('json')) return print(`${JSON.stringify(plan.value, null, 1)}\n`)
  const { boards } = selected
  const lines = [
    ...countLines(selected, flags.on.has('verbose')),
    `Total boards to build for each commit: ${boards.length}`,
    ...planLines(plan.value),
  ]
  return print(lines.map((line) => `${line}\n`).join(''))
}

function print(text: string): number {
  output.out(text)
  return 0
}

function complain(text: string): number {
  output.err(`${text}\n`)
  return 1
}
