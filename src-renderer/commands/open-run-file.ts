import { attempt } from '../state/attempt.ts'
import type { Stores } from '../state/stores.ts'

/**
 * Shows a run that somebody saved as a file. What is shown stays where it can't be opened.
 *
 * @param path empty: the person is asked for it
 */
export async function openRunFile({ boss, runs, view, actions }: Stores, path = ''): Promise<void> {
  const request = boss.request('run:open-file', { path })
  const reply = await attempt('The run could not be opened', request)
  if (!reply.ok) return actions.tell(reply.problem)
  if (!reply.value) return
  actions.dismiss()
  view.closeDialog()
  await runs.showOld(reply.value.runId)
  view.change({ tab: 'grid' })
}

/** Shows the run that the app was started with, or asked to open meanwhile. */
export async function openGivenRun(stores: Stores): Promise<void> {
  const path = await stores.boss.request('run:take-given', {})
  if (path !== '') await openRunFile(stores, path)
}
