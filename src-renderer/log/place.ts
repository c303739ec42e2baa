import type { Diagnosis } from '../../src-preload/contract.ts'

/** A place in a source file, as `editor:open` takes it: line and column from 1. */
export type SourcePlace = { readonly file: string; readonly line: number; readonly column: number }

const place = /(?:^|[\s("'])((?:[\w.+@~-]*\/)*[\w.+@~-]+):(\d{1,7})(?::(\d{1,5}))?/

/** The first `file:line:column` in a line of a log: of `included from` lines, for instance. */
export function placeIn(text: string): SourcePlace | null {
  const found = place.exec(text.slice(0, 4096))
  const file = found?.[1]
  if (!file || !/[A-Za-z]/.test(file)) return null
  return { file, line: Math.max(1, Number(found[2])), column: Math.max(1, Number(found[3] ?? 1)) }
}

/** Where a diagnosis points to; null if its tool names no file. */
export function placeOfDiagnosis({ file, line, column }: Diagnosis): SourcePlace | null {
  return file === '' ? null : { file, line: Math.max(1, line), column: Math.max(1, column) }
}

/** `spl.c:512`, with as many folders in front as tell it apart. */
export function shortPlace({ file, line }: Diagnosis): string {
  if (file === '') return ''
  const short = file.split('/').slice(-2).join('/')
  return line > 0 ? `${short}:${line}` : short
}
