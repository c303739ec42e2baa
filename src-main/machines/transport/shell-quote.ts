/** One word of a POSIX shell command, whatever `text` holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/**
 * A POSIX shell command that runs `argv`. The only way in which a name from a tree, a machine
 * or a person gets into a command.
 */
export function shellQuote(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ')
}

/**
 * The command under which `script` (POSIX sh) runs when a login shell of any kind is given it.
 * Bourne shells, fish and csh disagree about line breaks, quotes and backslashes between single
 * quotes, so those travel as octal escapes that `printf %b` of the POSIX shell turns back.
 */
export function forAnyShell(script: string): string {
  if (!/[\n'\\!]/.test(script)) return `exec sh -c '${script}'`
  const encoded = script.replace(/[\n'\\!]/g, octalEscape)
  return `exec sh -c 'eval "$(printf %b "$0")"' '${encoded}'`
}

function octalEscape(character: string): string {
  return `\\0${character.charCodeAt(0).toString(8).padStart(3, '0')}`
}

/** A path on a machine as a word of a POSIX shell command there; `~/` at its start is the home. */
export function remotePath(path: string): string {
  return path.startsWith('~/') ? `"$HOME"/${shellWord(path.slice(2))}` : shellWord(path)
}
