import type { CollectTools } from './collect-tools.ts'

/** What the compiler's tools say of a linked image; empty where one has nothing to say. */
export type ImageWords = {
  /** Of `nm -S --size-sort`: address, size, type and name a line. */
  readonly symbols: string
  /** Of `objdump -h`. */
  readonly sections: string
  readonly size: string
}

/**
 * Asks all three in one shell: starting a program costs this process more than it costs a shell. `nm`
 * loads a linker plugin of 100 MB where LLVM is installed, and needs none for a linked image; one
 * that can't be told so is asked again. No tool prints a NUL.
 */
const askTools = `
say() { printf '\\0%s\\0' $?; }
"$1nm" --plugin /dev/null -S --size-sort "$2" || "$1nm" -S --size-sort "$2"
say
"$1objdump" -h "$2"
say
"$1size" "$2"
say
`

export async function askAboutImage(
  outDir: string,
  image: string,
  { children, cross, env, slot }: CollectTools,
): Promise<ImageWords> {
  const argv = ['/bin/sh', '-c', askTools, 'slipway-tools', cross, image]
  const said = await children.capture(argv, { cwd: outDir, env, slot })
  const parts = said.stdout.split('\0')
  const answer = (index: number) => (parts[2 * index + 1] === '0' ? (parts[2 * index] ?? '') : '')
  return { symbols: answer(0), sections: answer(1), size: answer(2) }
}
