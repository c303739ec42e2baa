import { cellOf } from '../../src-core/run/run-state.ts'
import { askToFindCommit } from '../bisect/find-commit.ts'
import { nextFailure } from '../grid/model/cursor.ts'
import { attemptPlain } from '../state/attempt.ts'
import { useStores } from '../state/use-stores.ts'

/** What can be done with one build, from its buttons as from the keys of its log. */
export function useBuildCommands(cell: number) {
  const { boss, runs, grid, view, build, actions, terminals } = useStores()

  return {
    /** Opens the next failed build in the order of the grid. */
    nextFailing(by: 1 | -1): void {
      const { order, matching } = grid.store.getState()
      const next = nextFailure({ run: runs.run(), order, matching }, cell, by)
      if (next >= 0) view.moveTo(next)
    },
    findCommit: () => askToFindCommit({ runs, view }, cell),
    /** Builds it again and goes on showing it, in the run that does so. */
    async rerun(machine?: string): Promise<void> {
      const open = build.store.getState().build
      if (!open) return
      await actions.rerun([open.board], { machine })
      const again = cellOf(runs.run(), open.board, open.upto)
      if (again >= 0) view.change({ focused: again, detail: again })
    },
    /** Asks on which machines it is to be built at once. */
    compareMachines(): void {
      const open = build.store.getState().build
      if (open && runs.store.getState().sentAs === '')
        view.openDialog({ name: 'compare-machines', build: open })
    },
    async copyCommand(): Promise<void> {
      const { report } = build.store.getState()
      if (report.status !== 'ready') return
      const request = boss.request('clipboard:write', { text: report.value.reproduce })
      const reply = await attemptPlain('Nothing could be copied', request)
      if (!reply.ok) actions.tell(reply.problem)
    },
    async openTerminal(): Promise<void> {
      const open = build.store.getState().build
      if (!open || runs.store.getState().sentAs !== '') return
      view.change({ tab: 'terminals' })
      await terminals.open({ kind: 'build', build: open })
    },
  }
}
