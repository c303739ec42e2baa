import { bytesText, describeCell, durationText } from '../grid/describe.ts'
import { StatusGlyph } from '../grid/StatusGlyph.tsx'
import { useRun, useStores } from '../state/use-stores.ts'
import { IconButton } from '../ui/controls.tsx'
import './detail.css'

/** One build: what came of it, where, and its first errors. */
export function BuildDetail({ cell, onClose }: { cell: number; onClose: () => void }) {
  const { runs } = useStores()
  // Drawn again with the run; the description itself is read from the run, which is no store.
  useRun((run) => run.version)
  const run = runs.run()
  const build = describeCell(run, cell, Date.now())
  if (!build) return null
  const attempts = run.attempts.filter((attempt) => attempt.cell === cell)
  return (
    <div className="build-detail">
      <header>
        <StatusGlyph state={build.state} />
        <h2>{build.board}</h2>
        <span className="soft">{build.commit || build.arch}</span>
        <IconButton name="Close the details" icon="close" onClick={onClose} />
      </header>
      <dl className="facts">
        <Fact name="State">{build.reason ? `${build.words}: ${build.reason}` : build.words}</Fact>
        {build.machine && <Fact name="Machine">{build.machine}</Fact>}
        {build.seconds > 0 && <Fact name="Time">{durationText(build.seconds)}</Fact>}
        {build.sizeChange !== 0 && <Fact name="Size">{bytesText(build.sizeChange)}</Fact>}
        {attempts.length > 1 && (
          <Fact name="Attempts">
            {attempts
              .map(({ machine, end }) => `${run.machines[machine]?.name ?? '?'} (${end})`)
              .join(', ')}
          </Fact>
        )}
      </dl>
      {build.firstErrors.length > 0 && (
        <pre className="first-errors">{build.firstErrors.join('\n')}</pre>
      )}
    </div>
  )
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
