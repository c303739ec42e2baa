/** What a key does while the log has the focus; the letters mean what they mean in the grid. */
const commands = {
  e: 'next error',
  E: 'previous error',
  n: 'next failing',
  N: 'previous failing',
  o: 'open in editor',
  c: 'copy command',
  r: 'rerun',
  t: 'terminal',
  Escape: 'close',
} as const

export type LogCommand = (typeof commands)[keyof typeof commands]

/** The command of a key without modifiers, or null for one that the log leaves alone. */
export function logCommand(key: string): LogCommand | null {
  return Object.hasOwn(commands, key) ? commands[key as keyof typeof commands] : null
}
