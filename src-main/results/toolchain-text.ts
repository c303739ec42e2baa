import type { BuildResultMessage } from '../../src-worker/protocol/protocol.ts'

/** The file `toolchain` of a result, as buildman writes it (reference, section 4). */
export function toolchainText(
  { gcc, path, cross, arch }: NonNullable<BuildResultMessage['toolchain']>,
  returnCode: number,
): string {
  return `gcc ${gcc}\npath ${path}\ncross ${cross}\narch ${arch}\n${returnCode}`
}

/** What such a file says, in a machine's words; empty where it says nothing. */
export function parseToolchainText(text: string): Record<'gcc' | 'path' | 'cross', string> {
  const wordsAfter = (key: string) => new RegExp(`^${key} (.+)$`, 'm').exec(text)?.[1] ?? ''
  return { gcc: wordsAfter('gcc'), path: wordsAfter('path'), cross: wordsAfter('cross') }
}
