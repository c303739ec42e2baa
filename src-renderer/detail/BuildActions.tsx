import { describeCell } from '../grid/describe.ts'
import { titleOf } from '../machines/machine-rows.ts'
import { useBuild, useMachines, useRun, useStores } from '../state/use-stores.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { IconButton } from '../ui/controls.tsx'
import { Icon } from '../ui/Icon.tsx'
import { MenuItem, Popover } from '../ui/Popover.tsx'
import { useBuildCommands } from './use-build-commands.ts'

/** To the next failure, the command by hand, again here or elsewhere, a terminal. */
export function BuildActions({ cell }: { cell: number }) {
  const commands = useBuildCommands(cell)
  const failed = useRun((run) => run.counts.failed)
  const report = useBuild((build) => build.report)
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
      <IconButton
        name="Terminal in its output folder (t)"
        icon="terminal"
        onClick={() => void commands.openTerminal()}
      />
      <RerunMenu cell={cell} />
    </div>
  )
}

function RerunMenu({ cell }: { cell: number }) {
  const { runs } = useStores()
  const commands = useBuildCommands(cell)
  const machines = useMachines((state) => state.machines)
  const distributes = machines.length > 1
  const here = runs.run().machines[(runs.run().cells.machine[cell] ?? 0) - 1]?.name
  const state = describeCell(runs.run(), cell, Date.now())?.state
  if (state === 'building' || state === 'queued' || state === 'lost') return null
  return (
    <Popover
      align="end"
      button={
        <>
          <Icon name="rerun" />
          <span className="wide-only">Build again</span>
          <Icon name="chevron" />
        </>
      }
      label="Build again"
    >
      <MenuItem onChoose={() => void commands.rerun()} hint="r">
        Wherever there is room
      </MenuItem>
      {distributes && <div className="menu-line" />}
      {distributes && <p className="menu-title">On one machine, to compare</p>}
      {distributes &&
        machines.map(({ config: { name }, state: available, reason }) => (
          <MenuItem
            key={name}
            disabled={available === 'unavailable'}
            hint={name === here ? 'this outcome' : available === 'unavailable' ? reason : ''}
            onChoose={() => void commands.rerun(name)}
          >
            {titleOf(name)}
          </MenuItem>
        ))}
    </Popover>
  )
}
