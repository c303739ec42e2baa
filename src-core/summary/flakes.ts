/** Which boards failed and are built now although nothing that could have mended them changed. Pure. */
import { type ChangedFiles, mayRebuildOthers, sourceFile } from './changes.ts'
import { type BuildFacts, isVerdict, type Results } from './facts.ts'

/** What a machine in trouble makes tools say, whatever the source. */
const starved =
  /^Killed|No space left on device|[Cc]annot allocate memory|No child processes|Input\/output error/

/** A tool that fell over: mostly for the machine's sake, sometimes for what it was given. */
const crashed = /^(?:Segmentation fault|Bus error|Illegal instruction|internal compiler error)/

/** Nothing that is compiled. */
const unbuilt = /(?:^|\/)MAINTAINERS$|^(?:doc|Documentation|\.[^/]+)\/|\.(?:md|rst|txt)$/

/**
 * Boards that look like flakes, in the order of `now`. A commit that may have mended a board makes none,
 * and neither does one of which nobody knows what it changed.
 */
export function findFlakes(
  before: Results,
  now: Results,
  changedSince: (board: string) => ChangedFiles,
): readonly string[] {
  return [...now].flatMap(([board, { facts }]) => {
    const failed = before.get(board)?.facts
    if (failed?.outcome !== 'failed' || !isVerdict(facts) || facts.outcome === 'failed') return []
    return mayBeMended(failed, changedSince(board)) ? [] : [board]
  })
}

function mayBeMended({ reason, diagnostics }: BuildFacts, changed: ChangedFiles): boolean {
  const errors = diagnostics.filter(({ kind }) => kind === 'error')
  if (errors.some(({ text }) => starved.test(text))) return false
  if (changed === null || changed.some(mayRebuildOthers)) return true
  const touched = new Set(changed)
  if (errors.some(({ file }) => touched.has(sourceFile(file)))) return true
  // It was stopped, e.g. because nothing moved any more.
  if (reason !== '' || errors.some(({ text }) => crashed.test(text))) return false
  const isLocal =
    errors.length > 0 && errors.every(({ tool, file }) => tool === 'cc' && file !== '')
  // What a linker misses, or a tool that names no file, may come from any file.
  return !isLocal && changed.some((file) => !unbuilt.test(file))
}
