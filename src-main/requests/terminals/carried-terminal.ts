import { once } from 'node:events'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { run } from '../../machines/transport/run-command.ts'
import { shellQuote, shellWord } from '../../machines/transport/shell-quote.ts'
import type { Execution, Transport } from '../../machines/transport/transport.ts'
import type { TerminalProcess } from './terminals.ts'

/** Milliseconds in which the shell there has to begin. */
const patience = 30_000

/**
 * A shell on a machine whose commands have no terminal: `script` makes one there. `first` (POSIX sh; empty
 * for nothing) runs before it.
 */
export async function carriedTerminal(
  transport: Transport,
  first: string,
): Promise<Result<TerminalProcess>> {
  const { stdout } = await run(transport, 'command -v script', { timeoutMs: patience })
  if (stdout === '') {
    return fail(
      `${transport.machine} has no "script", which makes a terminal there`,
      'Install it there: bsdutils on Debian, util-linux-script on Fedora.',
    )
  }
  const limit = AbortSignal.timeout(patience)
  const execution = await transport.exec(shellThere(first))
  const from = await firstLine(execution, limit)
  const [, tty, pid] = /^(\/dev\/\S+) (\d+)$/.exec(from) ?? []
  if (tty !== undefined && pid !== undefined) {
    return ok(new CarriedTerminal(transport, execution, { tty, pid }))
  }
  execution.kill?.()
  return fail(`${transport.machine}: "script" made no terminal there`, from)
}

/** The person's own shell in a terminal, which it names first, with its process. */
function shellThere(first: string): string {
  const shell = 'SHELL=$kept; export SHELL; exec "$SHELL" -i'
  const inside = ['echo "$(tty) $$"', ...(first === '' ? [] : [first]), shell].join('; ')
  // It starts what it is given by SHELL, which may be fish or csh.
  const kept = `kept=\${SHELL:-$(command -v bash || echo /bin/sh)}`
  return `${kept} TERM=xterm-256color SHELL=/bin/sh; export kept TERM SHELL; exec script -qec ${shellWord(inside)} /dev/null`
}

/** Without its end; empty where none comes. What is behind it is still to be read. */
async function firstLine({ stdout }: Execution, limit: AbortSignal): Promise<string> {
  stdout.setEncoding('utf8')
  const ended = once(stdout, 'end').catch(() => {})
  let text = ''
  while (!text.includes('\n')) {
    const piece: string | null = stdout.read()
    if (piece !== null) text += piece
    else if (stdout.readableEnded || limit.aborted || text.length > 1000) return ''
    else await Promise.race([once(stdout, 'readable', { signal: limit }), ended]).catch(() => {})
  }
  const [line = '', ...rest] = text.split('\n')
  stdout.unshift(rest.join('\n'), 'utf8')
  return line.trimEnd()
}

/** What `script` carries of a shell: its size and its end are said by commands of their own. */
class CarriedTerminal implements TerminalProcess {
  readonly #transport: Transport
  readonly #execution: Execution
  readonly #there: { readonly tty: string; readonly pid: string }
  #sizing: Promise<unknown> = Promise.resolve()
  #wanted = ''

  constructor(
    transport: Transport,
    execution: Execution,
    there: { readonly tty: string; readonly pid: string },
  ) {
    this.#transport = transport
    this.#execution = execution
    this.#there = there
    execution.stderr.resume()
  }

  onData(listener: (text: string) => void): void {
    this.#execution.stdout.on('data', listener)
  }

  onExit(listener: (end: { readonly exitCode: number }) => void): void {
    void this.#execution.ended.then((status) =>
      listener({ exitCode: status.kind === 'exit' ? status.code : 1 }),
    )
  }

  write(text: string): void {
    this.#execution.stdin.write(text)
  }

  /** Of many sizes while a window is dragged only the last one matters. */
  resize(cols: number, rows: number): void {
    const size = `rows ${rows} cols ${cols}`
    this.#wanted = size
    this.#sizing = this.#sizing.then(async () => {
      if (this.#wanted === size) await this.#command(`stty -F ${this.#there.tty} ${size}`)
    })
  }

  pause(): void {
    this.#execution.stdout.pause()
  }

  resume(): void {
    this.#execution.stdout.resume()
  }

  /** As a terminal does that is closed; what carries it ends with it, or is ended. */
  kill(): void {
    void this.#command(shellQuote(['kill', '-HUP', this.#there.pid])).then(() =>
      this.#execution.kill?.(),
    )
  }

  async #command(command: string): Promise<void> {
    await run(this.#transport, command, { timeoutMs: patience }).catch(() => {})
  }
}
