import { homedir } from 'node:os'
import { resolve } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { fail, type Problem, type Result } from '../../src-core/result.ts'
import { createBoss } from '../boss/boss.ts'
import { defaultConfigFile } from '../buildman-config/read-config.ts'
import { messageOf } from '../error-text.ts'
import { mendHome } from '../home-folder.ts'
import { checkTogether, type Flags, isBuild, lastValue, readFlags } from './arguments/flags.ts'
import { fullHelpText, helpText } from './arguments/help.ts'
import { findPlaces } from './arguments/places.ts'
import { boardsCommand } from './commands/boards-command.ts'
import { exportCommand } from './commands/export-command.ts'
import { fetchArchCommand } from './commands/fetch-arch-command.ts'
import { killWorkersCommand } from './commands/kill-workers-command.ts'
import { listToolchainsCommand, machinesCommand } from './commands/machines-command.ts'
import { openCommand } from './commands/open-command.ts'
import type { Context } from './context.ts'
import { watchInterruption } from './interruption.ts'
import { terminalAsker } from './terminal-asker.ts'
import { reportJsonProblem } from './text/json-report.ts'
import { sayProblem, terminalOutput } from './text/output.ts'
import { platformText } from './text/platform-text.ts'

/** Buildman's exit status for a command line that can't be read, and for one that can't be done. */
const UNREADABLE = 2
const REFUSED = 1

const output = terminalOutput()
// What was written last may turn out to be lost only now.
process.on('exit', () => {
  const lost = output.lost()
  if (lost === '') return
  output.err(`slipway: what it said could not be written: ${lost}\n`)
  process.exitCode = 102
})
process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const read = readFlags(argv)
  if (!read.ok) return refuse(read.problem, argv.includes('--json'), UNREADABLE)
  const flags = read.value
  if (flags.on.has('help')) return print(helpText())
  if (flags.on.has('full-help')) return print(fullHelpText())
  if (flags.on.has('test') || flags.on.has('coverage'))
    return print("Slipway's own tests: run 'npm test' in its source folder\n")
  if (flags.on.has('version')) return print(`slipway ${packageJson.version}\n`)
  const inEvents = flags.on.has('json') && isBuild(flags)
  const together = checkTogether(flags)
  if (!together.ok) return refuse(together.problem, inEvents)
  const interruption = watchInterruption(output)
  try {
    const done = await withBoss(flags, interruption.signal)
    return done.ok ? done.value : refuse(done.problem, inEvents)
  } catch (error) {
    if (!interruption.signal.aborted) return refuse(surprise(error, flags), inEvents)
    if (inEvents) reportJsonProblem({ what: 'interrupted', hint: '' }, [], output)
    return 1
  } finally {
    interruption.stop()
  }
}

/** With `inEvents` whoever reads the events of a run hears of it, too. */
function refuse(problem: Problem, inEvents: boolean, status = REFUSED): number {
  if (inEvents) reportJsonProblem(problem, [], output, status)
  sayProblem(output, problem)
  return status
}

async function withBoss(flags: Flags, signal: AbortSignal): Promise<Result<number>> {
  const homeNote = mendHome()
  if (homeNote !== '') output.err(`slipway: ${homeNote}\n`)
  const lacking = platformText(process.platform)
  if (lacking !== '' && !flags.on.has('ide')) output.err(`slipway: ${lacking}\n`)
  const places = findPlaces()
  const boss = createBoss({
    configFile: resolve(lastValue(flags, 'config-file') ?? defaultConfigFile(homedir())),
    cacheDir: places.cacheDir,
    stateDir: places.stateDir,
    workerFile: places.workerFile,
    scanThread: places.scanThread,
    ask: terminalAsker(),
    allowDifferentCompilers: flags.on.has('allow-different-compilers'),
    blobWords: flags.blobWords,
    buildmanPath: lastValue(flags, 'machines-buildman-path') ?? '',
  })
  try {
    const config = await boss.fleet.reload()
    if (!config.ok) return config
    const { file, exists } = config.value
    // The usual file need not be there; one that was asked for must be.
    if (!exists && flags.values.has('config-file')) {
      return fail(`there is no settings file ${file}`, 'without -G it is ~/.buildman')
    }
    return await command({ boss, places, flags, output, signal })
  } finally {
    await boss.close()
  }
}

function command(context: Context): Promise<Result<number>> {
  const { on } = context.flags
  if (on.has('kill-workers')) return killWorkersCommand(context)
  if (context.flags.values.has('export')) return exportCommand(context)
  if (context.flags.values.has('open')) return openCommand(context)
  if (context.flags.values.has('fetch-arch')) return fetchArchCommand(context)
  if (on.has('list-tool-chains')) return listToolchainsCommand(context)
  if (on.has('machines') || on.has('machines-fetch-arch')) return machinesCommand(context)
  return boardsCommand(context)
}

/** A mistake in this program, since what can be expected to fail says so in words. */
function surprise(error: unknown, flags: Flags): Problem {
  const what = messageOf(error)
  const trace = error instanceof Error ? error.stack : undefined
  if (!flags.on.has('debug')) return { what, hint: '-D shows where it happened' }
  if (trace !== undefined) output.err(`${trace}\n`)
  return { what, hint: '' }
}

function print(text: string): number {
  output.out(text)
  return 0
}
