import { stateOf } from '../../src-core/run/run-state.ts'
import { canFindCommit } from '../bisect/find-commit.ts'
import { useBuild, useRun, useStores } from '../state/use-stores.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Button, IconButton } from '../ui/controls.tsx'
import { RerunMenu } from './RerunMenu.tsx'
import { useBuildCommands } from './use-build-commands.ts'

/** To the next failure, the command by hand, again here or elsewhere, a terminal. */
export function BuildActions({ cell }: { cell: number }) {
  const commands = useBuildCommands(cell)
  const failed = useRun((run) => run.counts.failed)
  const report = useBuild((build) => build.report)
  // A run that came as a file has no folders and no machines here.
  const isOwn = useRun((run) => run.sentAs === '')
  return (
    <div className="build-actions">
      {failed > 0 && (
        <>
          <IconButton
            name="Previous failed build (N)"
            icon="prior"
            onClick={() => commands.nextFailing(-1)}
          />
          <IconButton
            name="Next failed build (n)"
            icon="next"
            onClick={() => commands.nextFailing(1)}
          />
        </>
      )}
      <CopyButton
        label="Copy command"
        disabled={report.status !== 'ready'}
        text={() => (report.status === 'ready' ? report.value.reproduce : '')}
      />
      {isOwn && (
        <>
          <IconButton
            name="Terminal in its output folder (t)"
            icon="terminal"
            onClick={() => void commands.openTerminal()}
          />
          <FindCommit cell={cell} />
          <Rerun cell={cell} />
        </>
      )}
    </div>
  )
}

function FindCommit({ cell }: { cell: number }) {
  const { runs } = useStores()
  const { findCommit } = useBuildCommands(cell)
  const run = runs.run()
  if (!canFindCommit(run, cell)) return null
  const name = 'Find the commit that did it (b)'
  // What was built well has the room for it, but seldom the need.
  return stateOf(run, cell) === 'ok' ? (
    <IconButton name={name} icon="search" onClick={findCommit} />
  ) : (
    <Button icon="search" tip={name} onClick={findCommit}>
      Find the commit
    </Button>
  )
}

function Rerun({ cell }: { cell: number }) {
  const { runs } = useStores()
  const commands = useBuildCommands(cell)
  const run = runs.run()
  const state = stateOf(run, cell)
  if (state === 'building' || state === 'queued' || state === 'lost' || state === 'being checked')
    return null
  const here = run.machines[(run.cells.machine[cell] ?? 0) - 1]?.name
  return (
    <RerunMenu
      label="Build again"
      keys="r"
      {...(here !== undefined && { here })}
      onRerun={(machine) => void commands.rerun(machine)}
      onCompare={commands.compareMachines}
    />
  )
}
