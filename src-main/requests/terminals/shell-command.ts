import { homedir } from 'node:os'
import { forAnyShell } from '../../machines/transport/shell-quote.ts'
import type { TerminalCommand } from './terminals.ts'

/** Where a shell starts: in a folder, after `script` (POSIX sh; empty for nothing). */
export type ShellStart = { readonly title: string; readonly script: string }

/**
 * The person's own shell, whatever it is. The script runs in the POSIX shell before it, since fish
 * and csh would not understand it.
 */
export function localShell({ title, script }: ShellStart, cwd: string): TerminalCommand {
  const shell = process.env.SHELL || '/bin/sh'
  const env = environment()
  if (script === '') return { title, file: shell, args: [], cwd, env }
  return { title, file: '/bin/sh', args: ['-c', thenShell(script)], cwd, env }
}

/** By the system's ssh, which asks its own questions in the terminal itself. */
export function remoteShell(
  { title, script }: ShellStart,
  host: string,
  sshConfigFile: string | undefined,
): TerminalCommand {
  const args = [
    ...(sshConfigFile === undefined ? [] : ['-F', sshConfigFile]),
    '-t',
    '--',
    host,
    ...(script === '' ? [] : [forAnyShell(thenShell(script))]),
  ]
  return { title, file: 'ssh', args, cwd: homedir(), env: environment() }
}

function thenShell(script: string): string {
  return `${script}; exec "\${SHELL:-/bin/sh}" -i`
}

function environment(): Record<string, string> {
  const pairs = Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !/^ELECTRON_/.test(pair[0]),
  )
  return { ...Object.fromEntries(pairs), TERM: 'xterm-256color' }
}
