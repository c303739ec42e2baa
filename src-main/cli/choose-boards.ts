import type { Board } from '../../src-preload/model.ts'
import { fail, ok, type Result } from '../../src-preload/result.ts'
import { parseSelection, type SelectedBoards, selectBoards } from '../../src-preload/selection.ts'
import { type Flags, listOf } from './flags.ts'

/** The boards that terms, `--boards` and `-x` select, with buildman's counts per term. */
export function chooseBoards(all: readonly Board[], flags: Flags): Result<SelectedBoards> {
  const parsed = parseSelection({
    terms: flags.terms.join(' '),
    exclude: (flags.values.get('exclude') ?? []).join(','),
    boards: listOf(flags, 'boards').join(','),
  })
  if (!parsed.ok) {
    const text = flags.terms.join(' ')
    const [problem] = parsed.problems
    const field = problem?.field === 'exclude' ? '-x' : 'the terms'
    const where = problem?.field === 'terms' ? `\n  ${text}\n  ${' '.repeat(problem.at)}^` : ''
    return fail(`${field}: ${problem?.message ?? 'not understood'}${where}`)
  }
  return ok(selectBoards(all, parsed.selection))
}
