/** Which files changed between two builds, and what follows for other files. Pure. */
import type { BoardResult } from './facts.ts'

/** Null where nobody knows. */
export type ChangedFiles = readonly string[] | null

/** `../board/x.c` and `board/x.c` are one file: it depends on where the output folder is. */
export function sourceFile(file: string): string {
  return file.replace(/^(?:\.{1,2}\/)+/, '')
}

const broad =
  /\.(?:h|mk|lds|dtsi?|awk|sh|py)$|(?:^|\/)(?:Makefile|Kbuild|Kconfig)[^/]*$|^(?:configs|scripts|tools)\//

/** Whether more than one other file may be compiled again because this one changed. */
export function mayRebuildOthers(file: string): boolean {
  return broad.test(file)
}

/** What changed since a board was built last, `newest` being what the newest commit changed. */
export function changesSince(last: BoardResult | undefined, newest: ChangedFiles): ChangedFiles {
  const missed = last?.missed
  if (missed === undefined) return newest
  return missed === null || newest === null ? null : [...missed, ...newest]
}
