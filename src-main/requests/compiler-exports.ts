import { shellWord } from '../machines/transport/shell-quote.ts'
import { parseToolchainText } from '../results/toolchain-text.ts'

/** Names of compilers and their folders; nothing that a shell or make would look into. */
const plainName = /^[\w.+/-]*$/
const plainPath = /^\/[\w.+/ @~-]*$/

/**
 * The environment that make had, as commands for a POSIX shell. Only the machine knows which compiler it
 * took: null where what it named can be none.
 *
 * @param text the file `toolchain` of a result
 * @param wrapper of `[toolchain-wrapper]`, which stands before the compiler; empty for none
 */
export function compilerExports(text: string, wrapper: string): string[] | null {
  const { cross, path } = parseToolchainText(text)
  const before =
    [`${wrapper} `, 'ccache '].find((one) => one !== ' ' && cross.startsWith(one)) ?? ''
  const isPlain = plainName.test(cross.slice(before.length))
  if (!isPlain || (path !== '' && !plainPath.test(path))) return null
  return [
    ...(path === '' ? [] : [`export PATH=${shellWord(path)}:"$PATH"`]),
    ...(cross === '' ? [] : [`export CROSS_COMPILE=${shellWord(cross)}`]),
  ]
}
