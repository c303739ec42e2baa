import { assertNever } from '../../src-core/model.ts'
import { soloByNumber } from '../state/machine-order.ts'
import { useStores } from '../state/use-stores.ts'
import { nextFailedAttempt, stepFrom, type TimelineCommand } from './lanes/timeline-keys.ts'

/** Does what the keys say. */
export function useTimelineCommands(): (command: TimelineCommand) => void {
  const stores = useStores()
  const { timeline, runs, view } = stores
  const focus = (index: number) => {
    const attempt = runs.run().attempts[index]
    if (!attempt) return
    timeline.focus(index)
    const open = view.store.getState().detail >= 0
    view.change({ focused: attempt.cell, ...(open && { detail: attempt.cell }) })
  }
  return (command) => {
    const run = runs.run()
    const { focused } = timeline.store.getState()
    switch (command.kind) {
      case 'zoom': {
        const attempt = run.attempts[focused]
        const { from, to } = timeline.span()
        const seen = attempt && attempt.from >= from && attempt.from <= to
        timeline.zoom(command.factor, seen ? attempt.from : undefined)
        return
      }
      case 'pan':
        timeline.pan(command.share)
        return
      case 'step':
        focus(stepFrom(timeline.lanes(), run.attempts, focused, command.step))
        return
      case 'failure':
        focus(nextFailedAttempt(run, focused, command.by))
        return
      case 'solo':
        soloByNumber(stores, command.machine)
        return
      case 'all':
        timeline.showAll()
        return
      case 'live':
        timeline.goLive()
        return
      case 'open': {
        const attempt = run.attempts[focused]
        if (attempt) view.openLog(attempt.cell)
        return
      }
      case 'escape':
        view.escape()
        return
      default:
        assertNever(command)
    }
  }
}
