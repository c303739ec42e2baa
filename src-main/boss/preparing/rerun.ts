import { type Commit, LOCAL, type RunRequest } from '../../../src-core/model.ts'

/**
 * The request of a rerun as the source allows it. Outcomes of another source say nothing of this one: then
 * it is a run of its boards alone. Pure.
 */
export function settleRerun(
  request: RunRequest,
  commits: readonly Commit[],
): { readonly request: RunRequest; readonly notes: readonly string[] } {
  const { rerun, ...others } = request
  if (!rerun || isSameSource(rerun.hashes, commits)) return { request, notes: [] }
  const note =
    'The source has changed since these boards were built: outcomes of the others do not count for it'
  return {
    request: { ...others, ...machinesOf(request), boards: rerun.boards },
    notes: [note],
  }
}

/** Where a run may build: a rerun may be meant for one machine, whatever its request says. */
export function machinesOf(
  request: RunRequest,
): Pick<RunRequest, 'distribute' | 'noLocal' | 'useMachines' | 'providers'> {
  const machine = request.rerun?.machine
  if (machine === undefined) return request
  return machine === LOCAL
    ? { distribute: false, noLocal: false, useMachines: [], providers: [] }
    : { distribute: true, noLocal: true, useMachines: [machine], providers: [] }
}

function isSameSource(hashes: readonly string[], commits: readonly Commit[]): boolean {
  return (
    hashes.length === commits.length && commits.every(({ hash, upto }) => hash === hashes[upto])
  )
}
