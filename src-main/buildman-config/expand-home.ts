/** `~` and `~/...` as Python's expanduser does it; other users' homes stay as they are. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path
}
