/** GNU make splits a list of paths at these, so U-Boot's Makefile refuses them. */
const refused = /[ \t\n\r\v\f:]/

/**
 * Why no board can be built below a folder, and what to do; empty if make has nothing against its path
 * (absolute, links followed, since make follows them).
 */
export function pathProblem(path: string): string {
  if (!refused.test(path)) return ''
  return `it would build below '${path}', and U-Boot's Makefile refuses a path with a space or colon: let ~/.cache (for local also XDG_CACHE_HOME) lead to another folder`
}
