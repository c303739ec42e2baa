/** What two commits or trees differ in, as far as it can mean something for builds. */
import { changeBetween } from '../../../../src-core/affected/change-between.ts'
import type { SourceChange } from '../../../../src-core/affected/source-change.ts'
import { type GitPlace, runGit } from '../git-run.ts'

/** @throws GitError where one of them is not there */
export function sourceChange(
  place: GitPlace,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<SourceChange> {
  const ask = async (args: readonly string[], input?: string) => {
    const { stdout } = await runGit(place, args, {
      // 1: nothing was found.
      expect: args[0] === 'grep' ? [0, 1] : [0],
      // It asks for files by patterns.
      environment: { GIT_LITERAL_PATHSPECS: '0' },
      ...(input !== undefined && { input }),
      signal,
    })
    return stdout
  }
  return changeBetween(ask, from, to)
}
