import { bytesText, type CellDescription, durationText } from '../grid/describe.ts'
import { useBuild, useStores } from '../state/use-stores.ts'
import { attemptRows, durationAgainst, suspicion } from './attempts.ts'

/** State, place and time of a build in one line of words. */
export function BuildLine({ cell, build }: { cell: number; build: CellDescription }) {
  const { runs } = useStores()
  const report = useBuild((state) => state.report)
  const run = runs.run()
  const attempts = attemptRows(run, cell, Date.now())
  const newest = attempts.at(-1)
  const earlier = report.status === 'ready' ? report.value.earlier : []
  const machine = run.machines[(run.cells.machine[cell] ?? 0) - 1]?.name ?? ''
  const against = durationAgainst(build.seconds, build.state, earlier)
  const suspect = suspicion(machine, build.state, earlier)
  return (
    <p className="build-line">
      <span>
        <b>{build.words}</b>
        {build.reason && `: ${build.reason}`}
        {build.machine && ` on ${build.machine}`}
        {newest && build.state !== 'lost' && <span className="soft">, slot {newest.slot}</span>}
      </span>
      {build.seconds > 0 && (
        <span>
          {durationText(build.seconds)}
          {against && <span className="soft">, {against}</span>}
        </span>
      )}
      {build.sizeChange !== 0 && <span>{bytesText(build.sizeChange)}</span>}
      {attempts.length > 1 && <span>{attempts.length} attempts</span>}
      {build.lostBy && <span className="soft">first begun on {build.lostBy}, which went away</span>}
      {suspect?.suspect === 'machine' && <span>{suspect.words}</span>}
    </p>
  )
}
