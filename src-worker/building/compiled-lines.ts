/**
 * Which lines of the source were compiled into a build, from the debug information of its objects, in
 * the form of buildman's file `lines`: `common/main.c: 3,7-9`, a source a line.
 */
import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { linesOf } from '../../src-core/basics/lines.ts'
import type { BuildPlace } from '../source/trees.ts'
import type { CollectTools } from './collect-tools.ts'

/**
 * What `readelf` prints is a hundred times what it says: awk passes on each source as `>name`, and each
 * of its lines once. Objects of the computer's own tools do not count, nor those that older trees link
 * from others. A row is a name, a line number and an address, and more that does not matter; a
 * source's rows are headed by its path.
 */
const askObjects = `
find . \\( -path ./tools -o -path ./scripts \\) -prune -o \\
  -type f -name '*.o' ! -name built-in.o ! -name '.*' -print |
LC_ALL=C sort | tr '\\n' '\\0' |
xargs -0 "$1readelf" -W --debug-dump=decodedline 2>/dev/null |
LC_ALL=C awk '
/:(\\[\\+\\+\\])?$/ { sub(/:(\\[\\+\\+\\])?$/, ""); sub(/^CU: /, ""); file = $0; told = 0; next }
{
  for (i = 2; i < NF; i++) if ($i ~ /^[0-9]+$/ && $(i + 1) ~ /^0(x[0-9a-f]+)?(\\[|$)/) break
  if (i >= NF || $i == 0 || seen[file, $i]++) next
  if (!told) { print ">" file; told = 1 }
  print $i
}'
`

/** Empty where the objects have no debug information, or nobody can read it, or all of it. */
export async function compiledLines(
  { tree, outDir }: Pick<BuildPlace, 'tree' | 'outDir'>,
  { children, cross, env, slot }: Omit<CollectTools, 'shell' | 'scratch'>,
): Promise<string> {
  const argv = ['/bin/sh', '-c', askObjects, 'slipway-lines', cross]
  const said = await children.capture(argv, { cwd: outDir, env, slot })
  if (said.code !== 0) return ''
  return linesText(said.stdout, { tree: await realpath(tree), outDir: await realpath(outDir) })
}

/** The same by source; what lies outside the tree, or was made by the build, is none. Pure. */
export function linesText(
  compiled: string,
  { tree, outDir }: Pick<BuildPlace, 'tree' | 'outDir'>,
): string {
  const sources = new Map<string, Set<number>>()
  let lines: Set<number> | null = null
  for (const text of linesOf(compiled)) {
    if (!text.startsWith('>')) lines?.add(Number(text))
    else {
      const file = resolve(outDir, text.slice(1))
      const path = relative(tree, file)
      const isSource = isInside(path) && !isInside(relative(outDir, file))
      lines = isSource ? (sources.get(path) ?? new Set()) : null
      if (lines !== null) sources.set(path, lines)
    }
  }
  return [...sources]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, its]) => `${path}: ${rangesText(its)}\n`)
    .join('')
}

/** Whether a path leads from a folder to something in it. */
function isInside(path: string): boolean {
  return path !== '' && !isAbsolute(path) && path.split(sep)[0] !== '..'
}

function rangesText(lines: ReadonlySet<number>): string {
  const ranges: { first: number; last: number }[] = []
  for (const line of [...lines].sort((a, b) => a - b)) {
    const range = ranges.at(-1)
    if (range?.last === line - 1) range.last = line
    else ranges.push({ first: line, last: line })
  }
  return ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',')
}
