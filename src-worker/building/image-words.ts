import { closeSync, existsSync, fstatSync, openSync, readSync, rmSync } from 'node:fs'
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
 * Asks all three of each image in one shell. `nm` loads a linker plugin of 100 MB where LLVM is
 * installed, and needs none for a linked image; one that can't be told so is asked again. No tool prints
 * a NUL. On one line, for the slot's shell.
 */
const askTools = [
  `cross=$1; cd "$2" || exit; shift 2; say() { printf '\\0%s\\0' $?; }; for image; do`,
  `"\${cross}nm" --plugin /dev/null -S --size-sort "$image" || "\${cross}nm" -S --size-sort "$image"; say;`,
  `"\${cross}objdump" -h "$image"; say; "\${cross}size" "$image"; say; done`,
].join(' ')

/** A hundred times what the largest image takes. */
const LONGEST_BYTES = 48 * 1024 * 1024
/** A tool that hangs on a broken image would hold its slot for ever. */
const LIMIT_MS = 15 * 60_000

/** In the order of the images. */
export async function askAboutImages(
  outDir: string,
  images: readonly string[],
  { children, shell, scratch, cross, slot }: CollectTools,
): Promise<ImageWords[]> {
  if (images.length === 0) return []
  rmSync(scratch, { force: true })
  const argv = ['/bin/sh', '-c', askTools, 'slipway-tools', cross, outDir, ...images]
  const tooLong = setTimeout(() => void children.stopSlot(slot), LIMIT_MS)
  const ended = shell.run({ stdout: scratch, stderr: '/dev/null' }, argv)
  await ended.finally(() => clearTimeout(tooLong))
  const parts = readStart(scratch).split('\0')
  const answer = (index: number) => (parts[2 * index + 1] === '0' ? (parts[2 * index] ?? '') : '')
  return images.map((_, i) => ({
    symbols: answer(3 * i),
    sections: answer(3 * i + 1),
    size: answer(3 * i + 2),
  }))
}

/** Nothing where the shell came to nothing. */
function readStart(file: string): string {
  if (!existsSync(file)) return ''
  const opened = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(Math.min(fstatSync(opened).size, LONGEST_BYTES))
    return buffer.toString('utf8', 0, readSync(opened, buffer, 0, buffer.length, 0))
  } finally {
    closeSync(opened)
  }
}
