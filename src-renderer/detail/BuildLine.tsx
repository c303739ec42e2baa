import { machineTitle } from '../../src-core/basics/words.ts'
import { againstText, type CellDescription } from '../grid/model/describe-cell.ts'
import { lastTimeOf } from '../state/run/last-times-store.ts'
import { useBuild, useLastTimes, useStores } from '../state/use-stores.ts'
import { bytesText, durationText } from '../words.ts'
import { attemptRows } from './attempts.ts'
import { suspicionOf } from './suspicion.ts'
import { useBuildCommands } from './use-build-commands.ts'

/** State, place and time of a build in one line of words. */
export function BuildLine({ cell, build }: { cell: number; build: CellDescription }) {
  const { runs } = useStores()
  const times = useLastTimes((state) => state.times)
  const attempts = attemptRows(runs.run(), cell, Date.now())
  const newest = attempts.at(-1)
  const against = againstText(lastTimeOf(times, cell, build.state))
  return (
    <p className="build-line">
      <span>
        <b>{build.words}</b>
        {build.reason && `: ${build.reason}`}
        {build.machine && build.state !== 'being checked' && ` on ${build.machine}`}
        {newest && build.state !== 'lost' && <span className="soft">, slot {newest.slot}</span>}
      </span>
      {build.asBefore && <span>{build.asBefore}</span>}
      {build.seconds > 0 && (
        <span>
          {durationText(build.seconds)}
          {against && <span className="soft">, {against}</span>}
        </span>
      )}
      {build.sizeChange !== 0 && <span>{bytesText(build.sizeChange)}</span>}
      {attempts.length > 1 && <span>{attempts.length} attempts</span>}
      {build.before && <span className="soft">before: {build.before}</span>}
      {build.lostBy && <span className="soft">first begun on {build.lostBy}, which went away</span>}
      {build.proof && <span>{build.proof}</span>}
      {build.state === 'being checked' && <span className="soft">{build.said.join('; ')}</span>}
      <Suspicion cell={cell} build={build} />
    </p>
  )
}

/** Is it the code or the machine? And where that is open, the way to find out. */
function Suspicion({ cell, build }: { cell: number; build: CellDescription }) {
  const { runs } = useStores()
  const commands = useBuildCommands(cell)
  const report = useBuild((state) => state.report)
  const run = runs.run()
  if (report.status !== 'ready') return null
  const machine = run.machines[(run.cells.machine[cell] ?? 0) - 1]?.name ?? ''
  const suspicion = suspicionOf(machine, build.state, report.value.others)
  if (!suspicion) return null
  return (
    <span>
      {suspicion.words}
      {suspicion.tryOn && (
        <>
          {' '}
          <button
            type="button"
            className="launch-link"
            onClick={() => void commands.rerun(suspicion.tryOn)}
          >
            Build it on {machineTitle(suspicion.tryOn)}
          </button>
        </>
      )}
    </span>
  )
}
