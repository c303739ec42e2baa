import { oneBoardAnArch } from '../../src-core/alike/one-board-an-arch.ts'
import { fail, type Result } from '../../src-core/result.ts'
import type { Args } from '../../src-preload/contract.ts'
import { listBoards } from '../tree/boards/list-boards.ts'
import type { Handlers } from './request-router.ts'
import type { WindowBoss } from './window-boss.ts'
import { WindowComparison } from './window-comparison.ts'

type ComparisonRequestName = 'compare:start' | 'compare:stop' | 'compare:current'

export type ComparisonHandlersOptions = {
  readonly windowBoss: WindowBoss
  readonly emit: ConstructorParameters<typeof WindowComparison>[1]
  /** The bundled `scan-boards.ts`. */
  readonly scanThread: string | URL
}

/** Answers about whether machines build the same. */
export function comparisonHandlers({
  windowBoss,
  emit,
  scanThread,
}: ComparisonHandlersOptions): Handlers<ComparisonRequestName> {
  const comparison = new WindowComparison(windowBoss, emit)

  async function start({ request, machines }: Args<'compare:start'>): Promise<Result<void>> {
    const { treeDir, boards: names } = request
    const { cacheDir } = windowBoss
    const listed = await listBoards(treeDir, { cacheDir, threadFile: scanThread })
    if (!listed.ok) return listed
    const { boards, extended } = listed.value
    const wanted = new Set(names)
    const chosen =
      names.length === 0
        ? oneBoardAnArch(boards)
        : [...boards, ...extended].filter(({ target }) => wanted.has(target))
    if (chosen.length < wanted.size) return fail('The tree has not all of these boards any more')
    return comparison.start({
      request,
      listed: { boards: chosen, symbols: listed.value },
      machines,
    })
  }

  return {
    'compare:start': start,
    'compare:stop': () => comparison.stop(),
    'compare:current': () => comparison.state(),
  }
}
