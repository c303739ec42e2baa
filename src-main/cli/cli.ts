import { homedir } from 'node:os'
import { resolve } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { createBoss } from '../boss/boss.ts'
import { messageOf } from '../error-text.ts'
import { defaultConfigFile } from '../settings/buildman-config.ts'
import { boardsCommand } from './boards-command.ts'
import type { Context } from './context.ts'
import { type Flags, lastValue, readFlags } from './flags.ts'
import { helpText } from './help.ts'
import { watchInterruption } from './interruption.ts'
import { killWorkersCommand } from './kill-workers-command.ts'
import { listToolchainsCommand, machinesCommand } from './machines-command.ts'
import { sayProblem, terminalOutput } from './output.ts'
import { findPlaces } from './places.ts'
import { terminalAsker } from './terminal-asker.ts'

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
  const interruption = watchInterruption(output)
  try {
    return await withBoss(flags, interruption.signal)
  } catch (error) {
    if (!interruption.signal.aborted) saySurprise(error, flags)
    return 1
  } finally {
    interruption.stop()
  }
}

async function withBoss(flags: Flags, signal: AbortSignal): Promise<number> {
  const places = findPlaces()
  const boss = createBoss({
    configFile: resolve(lastValue(flags, 'config-file') ?? defaultConfigFile(homedir())),
    cacheDir: places.cacheDir,
    stateDir: places.stateDir,
    workerFile: places.workerFile,
    scanThread: places.scanThread,
    ask: terminalAsker(),
    allowDifferentCompilers: flags.on.has('allow-different-compilers'),
    buildmanPath: lastValue(flags, 'machines-buildman-path') ?? '',
  })
  try {
    const config = await boss.fleet.reload()
    if (!config.ok) {
      sayProblem(output, config.problem)
      return 1
    }
    return await command({ boss, places, flags, output, signal })
  } finally {
    await boss.close()
  }
}

function command(context: Context): Promise<number> {
  const { on } = context.flags
  if (on.has('kill-workers')) return killWorkersCommand(context)
  if (on.has('list-tool-chains')) return listToolchainsCommand(context)
  if (on.has('machines') || on.has('machines-fetch-arch')) return machinesCommand(context)
  return boardsCommand(context)
}

/** A mistake in this program, since what can be expected to fail says so in words. */
function saySurprise(error: unknown, flags: Flags): void {
  const what = messageOf(error)
  const trace = error instanceof Error ? error.stack : undefined
  if (flags.on.has('debug') && trace !== undefined) output.err(`${trace}\n`)
  sayProblem(output, { what, hint: flags.on.has('debug') ? '' : '-D shows where it happened' })
}

function print(text: string): number {
  output.out(text)
  return 0
}
