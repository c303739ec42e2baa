import type { BisectState } from '../../src-core/bisect/bisect-state.ts'
import { cellOf, stateOf } from '../../src-core/run/run-state.ts'
import { useStores } from '../state/use-stores.ts'

/** Opens the log of a build of a search: in the search's own run, or in the one that built it. */
export function useOpenTest({ runId, commits, tests }: BisectState) {
  const { runs, view } = useStores()

  async function openIn(wanted: string, board: string, upto: number): Promise<boolean> {
    if (runs.run().runId !== wanted) await runs.showOld(wanted)
    const run = runs.run()
    const place = run.commits.findIndex(({ hash }) => hash === commits[upto]?.hash)
    const cell = cellOf(run, board, place)
    const isThere = cell >= 0 && !['waiting', 'not built'].includes(stateOf(run, cell))
    if (isThere) view.openLog(cell)
    return isThere
  }

  return async (board: string, upto: number): Promise<void> => {
    const test = tests.find((one) => one.board === board && one.upto === upto)
    const isOwn = await openIn(runId, board, upto)
    if (!isOwn && test && test.runId !== '') await openIn(test.runId, board, upto)
  }
}
