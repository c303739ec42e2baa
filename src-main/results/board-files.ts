/**
 * What stands in a board's folder (reference, section 4): from the record of a build to files. Pure.
 */
import type { BuildRecord } from '../../src-core/build/build-record.ts'
import { OWN_FILE } from '../../src-core/build/folder-names.ts'

/** Texts of a build by the name that they have in its folder; empty ones get no file. */
export type BuildTexts = Readonly<Record<string, string>>

/** In `done`: to be built again. */
export const BUILD_AGAIN = -1
/** What buildman stores for a board without toolchain. */
const NO_TOOLCHAIN_DONE = '2\n'

/** Files that are written from the record itself, whatever else claims their names. */
const ofTheRecord: ReadonlySet<string> = new Set(['done', 'host', OWN_FILE])

/** All files of the folder, in the order to write them; `done` is the last. */
export function boardFiles(
  record: BuildRecord,
  texts: BuildTexts,
): readonly (readonly [name: string, text: string])[] {
  const { log = '', ...others } = texts
  const written = Object.entries({ ...others, host: record.machine }).filter(
    ([name, text]) => text !== '' && (name === 'host' || isPlainName(name)),
  )
  const done = record.outcome === 'not built' ? NO_TOOLCHAIN_DONE : String(record.returnCode)
  return [['log', log], ...written, [OWN_FILE, JSON.stringify(record)], ['done', done]]
}

/** Whether a text of this name may stand in the folder. Names come from machines. */
function isPlainName(name: string): boolean {
  return /^[\w.][\w.+-]{0,100}$/.test(name) && !/^\.+$/.test(name) && !ofTheRecord.has(name)
}

/** Files with a meaning of their own here; no output may take their place. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...ofTheRecord,
  ...['err', 'log', 'sizes', 'out-cmd', 'out-env', 'toolchain'],
])

/**
 * What is wrong with the path of an output, in words; empty if nothing is. Paths come from machines, and are to
 * name a file of their own below the board's folder.
 */
export function outputPathProblem(path: string): string {
  const segments = path.split('/')
  const isPlain = segments.every(
    (name) => name !== '' && !/^\.+$/.test(name) && name.length < 256 && !hasControls(name),
  )
  if (!isPlain || segments.length > 8 || path.includes('\\')) {
    return 'a machine may not name a place like this'
  }
  // Some file systems do not tell capitals apart.
  if (reservedNames.has(segments[0]?.toLowerCase() ?? '')) {
    return 'it would take the place of a file that tells of the build'
  }
  return ''
}

function hasControls(name: string): boolean {
  return [...name].some((char) => char < ' ' || char === '\x7f')
}

/** A return code, or null where there is no outcome: missing, empty, unreadable, or -1. */
export function parseDone(text: string): number | null {
  const code = /^\s*-?\d{1,9}\s*$/.test(text) ? Number(text) : BUILD_AGAIN
  return code === BUILD_AGAIN ? null : code
}
