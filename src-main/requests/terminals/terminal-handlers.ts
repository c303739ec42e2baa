import { homedir } from 'node:os'
import { assertNever, LOCAL } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { cellOf } from '../../../src-core/run/run-state.ts'
import type { BuildRef } from '../../../src-core/schemas.ts'
import type { Args } from '../../../src-preload/contract.ts'
import { messageOf } from '../../error-text.ts'
import { spelledHost } from '../../machines/ssh-config/spelled-host.ts'
import { remotePath } from '../../machines/transport/shell-quote.ts'
import { placeOf } from '../build-handlers.ts'
import { compilerExports } from '../compiler-exports.ts'
import type { Handlers } from '../request-router.ts'
import type { WindowBoss } from '../window-boss.ts'
import { carriedTerminal } from './carried-terminal.ts'
import { localShell, remoteShell, type ShellStart } from './shell-command.ts'
import type { TerminalCommand, Terminals } from './terminals.ts'

type TerminalRequest =
  | 'terminal:open'
  | 'terminal:list'
  | 'terminal:write'
  | 'terminal:resize'
  | 'terminal:ack'
  | 'terminal:close'

export type TerminalHandlersOptions = {
  readonly windowBoss: WindowBoss
  readonly terminals: Terminals
}

/** Answers about the window's terminals. */
export function terminalHandlers(options: TerminalHandlersOptions): Handlers<TerminalRequest> {
  const { terminals } = options
  return {
    'terminal:open': async (place) => {
      try {
        return await openAt(place, options)
      } catch (error) {
        return fail(`The terminal can't be opened: ${messageOf(error)}`)
      }
    },
    'terminal:list': () => [...terminals.handOver()],
    'terminal:write': ({ id, data }) => terminals.write(id, data),
    'terminal:resize': ({ id, cols, rows }) => terminals.resize(id, cols, rows),
    'terminal:ack': ({ id, chars }) => terminals.acknowledge(id, chars),
    'terminal:close': ({ id }) => terminals.close(id),
  }
}

type Opened = Result<{ readonly id: string; readonly title: string }>

async function openAt(
  place: Args<'terminal:open'>,
  options: TerminalHandlersOptions,
): Promise<Opened> {
  switch (place.kind) {
    case 'tree':
      return open(options, localShell({ title: 'tree', script: '' }, place.dir))
    case 'machine':
      return openOn(options, place.machine, { title: place.machine, script: '' })
    case 'build':
      return openForBuild(options, place.build)
    default:
      return assertNever(place)
  }
}

/** A shell where the board was built, with the compiler that built it. */
async function openForBuild(options: TerminalHandlersOptions, build: BuildRef): Promise<Opened> {
  const { windowBoss } = options
  const own = await windowBoss.openOwn(build.runId)
  if (!own.ok) return own
  const place = await placeOf(windowBoss, build)
  if (!place.ok) return place
  const { run, files } = place.value
  const cell = cellOf(run, build.board, build.upto)
  const attempt = run.attempts.findLast((one) => one.cell === cell)
  const builder = run.machines[attempt?.machine ?? -1]
  if (!attempt || !builder) return fail(`${build.board} was built on no machine in this run`)
  const { name: machine, workDir: work } = builder
  const out = /(?:^| )O=([\w.-]+)/.exec(files.text('out-cmd'))?.[1] ?? 'build'
  const slot = String(attempt.slot).padStart(2, '0')
  // One commit has one checkout for all slots, several have one a slot: docs/protocol.md.
  const tree = run.commits.length === 1 ? `${work}/tree` : `${work}/${slot}/tree`
  const wrapper = windowBoss.boss().fleet.configIfRead()?.toolchainWrapper ?? ''
  const exports = compilerExports(files.text('toolchain'), wrapper) ?? []
  const script = [enterFirst([`${tree}/${out}`, tree, work]), ...exports].join('; ')
  return openOn(options, machine, { title: `${build.board} on ${machine}`, script })
}

async function openOn(
  options: TerminalHandlersOptions,
  machine: string,
  start: ShellStart,
): Promise<Opened> {
  if (machine === LOCAL) return open(options, localShell(start, homedir()))
  const { fleet, sshConfigFile } = options.windowBoss.boss()
  const config = fleet.config().machines.find(({ name }) => name === machine)
  if (!config) return fail(`There is no machine '${machine}'`)
  if (config.command === '') {
    const host = await spelledHost(config.host, sshConfigFile)
    return open(options, remoteShell(start, host, sshConfigFile))
  }
  const shell = await carriedTerminal(await fleet.connect(machine), start.script)
  if (!shell.ok) return shell
  return ok({ id: options.terminals.adopt(start.title, shell.value), title: start.title })
}

function open({ terminals }: TerminalHandlersOptions, command: TerminalCommand): Opened {
  return ok({ id: terminals.open(command), title: command.title })
}

/** Goes to the first of the folders that is there. */
function enterFirst(folders: readonly string[]): string {
  const attempts = folders.map((folder) => `cd ${remotePath(folder)} 2>/dev/null`)
  return `${attempts.join(' || ')} || echo 'The output folder is gone.'`
}
