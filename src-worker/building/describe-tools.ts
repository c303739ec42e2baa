/**
 * With which programs a build was made, as the machine has them: versions, digests and places. As the file
 * `tools` of a board's folder, in JSON, so that two machines can be compared.
 */
import { realpath } from 'node:fs/promises'
import { linesOf } from '../../src-core/basics/lines.ts'
import { sha256OfFile } from '../../src-system/file-digest.ts'
import type { CrossCompiler } from '../tools/toolchain.ts'
import type { CollectTools } from './collect-tools.ts'

/**
 * A line for each program that is there: name, path, what it says of its version. gcc itself knows which
 * assembler and linker it runs.
 */
const askTools = `
tell() {
  name=$1; shift
  path=$(command -v "$1") || return 0
  said=$("$@" 2>&1 </dev/null | sed -n '/./{p;q;}' | tr -d '\\t' | cut -c1-200)
  printf '%s\\t%s\\t%s\\n' "$name" "$path" "$said"
}
part() { "$gcc" -print-prog-name="$1" 2>/dev/null </dev/null; }
gcc=$1
tell compiler "$gcc" --version
tell 'compiler proper' "$(part cc1)" --version
tell assembler "$(part as)" --version
tell linker "$(part ld)" --version
tell objcopy "$(part objcopy)" --version
tell 'host compiler' cc --version
tell make "$2" --version
tell dtc "\${DTC:-dtc}" --version
tell swig swig -version
tell python python3 --version
tell bison bison --version
tell flex flex --version
printf 'system\\t\\t%s\\n' "$(uname -srm)"
printf 'time zone\\t\\t%s\\n' "$(date +%z)"
`

/** More lines than there are tools come from a shell that says more than it was asked. */
const MOST_LINES = 40

/**
 * @param folder the work folder, which compilers write into what they make
 * @param make what GNU make is called there
 */
export async function toolsText(
  { gcc }: CrossCompiler,
  make: string,
  folder: string,
  { children, env, slot }: Omit<CollectTools, 'cross'>,
): Promise<string> {
  const argv = ['/bin/sh', '-c', askTools, 'slipway-tools', gcc, make]
  const said = await children.capture(argv, { cwd: folder, env, slot })
  const lines = [...linesOf(said.stdout)].slice(0, MOST_LINES).map((line) => line.split('\t'))
  const tools = await Promise.all(
    lines.map(async ([name = '', path = '', version = '']) => {
      return { name, path, version, sha256: await digestOf(path) }
    }),
  )
  return JSON.stringify({ folder, tools })
}

/** Of the program behind links; empty where it can't be read. */
async function digestOf(path: string): Promise<string> {
  if (!path.startsWith('/')) return ''
  try {
    return await sha256OfFile(await realpath(path))
  } catch {
    return ''
  }
}
