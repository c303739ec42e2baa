/**
 * Warnings that an incremental build hides. make compiles only what changed, so it does not repeat the
 * warnings of everything else, which then look mended. Two things prevent that. Files that the last
 * build in a folder warned of are removed, so that make compiles them once more. If a line of that
 * build is missing all the same, only a build from scratch can tell whether it is mended or hidden.
 * Pure.
 */

import { linesOf } from '../../src-core/basics/lines.ts'

/** Lines to compare: without source excerpts, and without numbers, which move when a file is edited. */
export function comparableLines(stderr: string): string[] {
  const found = new Set<string>()
  for (const line of linesOf(stderr)) {
    if (line.trim() !== '' && !/^\s*\d* \|/.test(line)) found.add(line.replaceAll(/\d+/g, '#'))
  }
  return [...found]
}

/** Whether a line of the last build (`comparableLines`) is missing in this one. */
export function hidesWarnings(before: readonly string[], stderr: string): boolean {
  const now = new Set(comparableLines(stderr))
  return before.some((line) => !now.has(line))
}

/**
 * Files of the build folder that a message is about: make compiles them again when they are removed. A
 * guess is good enough, since `hidesWarnings` finds what it misses. Linear in the text.
 */
export function filesToRemake(stderr: string): string[] {
  const files = new Set<string>()
  for (const line of linesOf(stderr)) {
    for (const { index } of line.matchAll(/\.[cS][:,]/g))
      addObjectOf(pathBefore(line, index), files)
    for (const { index } of line.matchAll(/warning: /gi)) {
      addLinked(pathAfter(line, index + 'warning: '.length), files)
    }
    for (const { index } of line.matchAll(/: Warning/g)) {
      const file = pathBefore(line, index).replace(/^\/+/, '')
      if (/.\.dtbo?$/.test(file)) files.add(file)
    }
  }
  return [...files].filter((file) => !file.split('/').includes('..'))
}

/** The object of a source file, in each of the phases that may compile it. */
function addObjectOf(source: string, files: Set<string>): void {
  const segments = source.split('/')
  // Down from a folder with a dot in its name or the root: what stands above it is outside the tree.
  let first = segments.length - 1
  while (first > 0 && /^[\w+-]+$/.test(segments[first - 1] ?? '')) first -= 1
  const stem = segments.slice(first).join('/')
  if (stem === '') return
  for (const folder of ['', 'spl/', 'tpl/']) files.add(`${folder}${stem}.o`)
}

/** An object or EFI program that a linker warned of. */
function addLinked(file: string, files: Set<string>): void {
  if (file.startsWith('/') || !/.\.s?o$/.test(file)) return
  files.add(file)
  // The steps from an EFI program's object to the program itself.
  const efi = file.replace(/_efi\.so$/, '')
  if (efi !== file) for (const end of ['.o', '.efi']) files.add(efi + end)
}

const ofPath = /[\w+./-]/

/** The longest text without a space or the like that ends before `end`. */
function pathBefore(line: string, end: number): string {
  let start = end
  while (start > 0 && ofPath.test(line[start - 1] ?? '')) start -= 1
  return line.slice(start, end)
}

/** The same from `start` on. */
function pathAfter(line: string, start: number): string {
  let end = start
  while (end < line.length && ofPath.test(line[end] ?? '')) end += 1
  return line.slice(start, end)
}
