import {
  parseSelection,
  type SelectedBoards,
  selectBoards,
} from '../../../src-core/boards/selection.ts'
import type { Board } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { type Flags, listOf } from './flags.ts'

/** The boards that terms, `--boards` and `-x` select, with buildman's counts per term. */
export function chooseBoards(all: readonly Board[], flags: Flags): Result<SelectedBoards> {
  const texts = {
    terms: flags.terms.join(' '),
    exclude: (flags.values.get('exclude') ?? []).join(','),
    boards: listOf(flags, 'boards').join(','),
  }
  const parsed = parseSelection(texts)
  if (parsed.ok) return ok(selectBoards(all, parsed.selection))
  const names = { terms: 'the terms', exclude: '-x' }
  const problems = parsed.problems.map(
    ({ field, message, at }) =>
      `${names[field]}: ${message}\n  ${texts[field]}\n  ${' '.repeat(at)}^`,
  )
  return fail(problems.join('\n'))
}
