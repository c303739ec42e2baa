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
 * For each program that is there its name and path, a line each, and what it says of its version; a NUL ends
 * it. gcc itself knows which assembler and linker it runs. Nothing is piped: each process costs more than what
 * it would take away.
 */
const askTools = `
tell() {
  name=$1; shift
  path=$(command -v "$1") || return 0
  printf '%s\\n%s\\n' "$name" "$path"
  "$@" 2>&1 </dev/null
  printf '\\0'
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
printf 'system\\n\\n'; uname -srm; printf '\\0'
printf 'time zone\\n\\n'; date +%z; printf '\\0'
`

/** More comes from a shell that says more than it was asked. */
const MOST_TOOLS = 40
/** Characters. */
const LONGEST_VERSION = 200

/**
 * @param folder the work folder, which compilers write into what they make
 * @param make what GNU make is called there
 */
export async function toolsText(
  { gcc }: CrossCompiler,
  make: string,
  folder: string,
  { children, env, slot }: Pick<CollectTools, 'children' | 'env' | 'slot'>,
): Promise<string> {
  const argv = ['/bin/sh', '-c', askTools, 'slipway-tools', gcc, make]
  const said = await children.capture(argv, { cwd: folder, env, slot })
  const told = said.stdout.split('\0').slice(0, -1)
  const tools = await Promise.all(
    told.slice(0, MOST_TOOLS).map(async (text) => {
      const [name = '', path = '', ...words] = linesOf(text)
      const version = words.find((line) => line.trim() !== '') ?? ''
      const sha256 = await digestOf(path)
      return { name, path, version: version.trim().slice(0, LONGEST_VERSION), sha256 }
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
