import type { CommandOf } from '../../src-preload/commands.ts'
import { commandOfKey, type KeyPress } from '../../src-preload/key-bindings.ts'

/** What a key does while the log has the focus; the editor itself finds. */
export type LogCommand = Exclude<CommandOf<'log'>, 'log-find' | 'log-find-step'>

/** The command of a key, or null for one that the log leaves alone. */
export function logCommand(press: KeyPress): LogCommand | null {
  const id = commandOfKey('log', press)?.id
  return id === undefined || id === 'log-find' || id === 'log-find-step' ? null : id
}
