/** Footprints as text for the terminal: `--lines`, `--lines-code`, `--who-compiles`. Pure. */
import {
  type LineCompilers,
  type LineRange,
  rangesText,
  type SourceLine,
} from '../../../src-core/summary/footprint.ts'
import { type FootprintGroup, lineTotals } from '../../../src-core/summary/footprint-changes.ts'
import type { Paint } from './terminal-text.ts'

/** Lines of code that are shown of a source. */
const MOST_CODE = 200

/** The lines of a source, as it is now or as it was; none where they are not to be shown. */
export type CodeOf = (side: 'added' | 'removed', source: string) => readonly string[]

/** A group of boards a head, then what each source gained and lost. */
export function footprintLines(
  groups: readonly FootprintGroup[],
  codeOf: CodeOf,
  paint: Paint,
): string[] {
  return groups.flatMap((group) => [
    headOf(group),
    ...group.changes.flatMap(({ source, added, removed }) => [
      ...sideLines('+', source, added, codeOf('added', source)).map((line) => paint('green', line)),
      ...sideLines('-', source, removed, codeOf('removed', source)).map((line) =>
        paint('red', line),
      ),
    ]),
  ])
}

function headOf(group: FootprintGroup): string {
  const { added, removed } = lineTotals(group)
  return `${group.boards.join(' ')} : lines +${added} -${removed}`
}

function sideLines(
  sign: string,
  source: string,
  ranges: readonly LineRange[],
  code: readonly string[],
): string[] {
  if (ranges.length === 0) return []
  return [`   ${sign} ${source}: ${rangesText(ranges)}`, ...codeLines(ranges, code)]
}

function codeLines(ranges: readonly LineRange[], code: readonly string[]): string[] {
  const shown: string[] = []
  for (const [first, last] of ranges) {
    for (let line = first; line <= Math.min(last, code.length); line += 1) {
      if (shown.length === MOST_CODE) return [...shown, `${''.padStart(12)}...`]
      shown.push(`${String(line).padStart(12)}: ${code[line - 1] ?? ''}`)
    }
  }
  return shown
}

/** Who compiles a line, at a commit. */
export function compilersLines(
  { source, line }: SourceLine,
  { compiled, others, unknown }: LineCompilers,
): string[] {
  const named = (what: string, boards: readonly string[]) =>
    boards.length === 0 ? [] : [`   ${what} (${boards.length}): ${boards.join(' ')}`]
  return [
    `${source}:${line}`,
    ...named('compiled by', compiled),
    ...named('not compiled by', others),
    ...named('not known, since built without --lines', unknown),
  ]
}
