import type { BisectState } from '../../src-core/bisect/bisect-state.ts'
import { cellOf } from '../../src-core/run/run-state.ts'
import { useStores } from '../state/use-stores.ts'

/** Opens the log of a build of a search, in the run that built it. */
export function useOpenTest({ runId, commits, tests }: BisectState) {
  const { runs, view } = useStores()
  return async (board: string, upto: number): Promise<void> => {
    const test = tests.find((one) => one.board === board && one.upto === upto)
    const wanted = test?.runId || runId
    if (runs.run().runId !== wanted) await runs.showOld(wanted)
    const run = runs.run()
    const place = run.commits.findIndex(({ hash }) => hash === commits[upto]?.hash)
    const cell = cellOf(run, board, place)
    if (cell >= 0) view.openLog(cell)
  }
}
