import { useEffect, useMemo, useState } from 'react'
import { noLook } from '../../src-core/machine-colours.ts'
import { commands } from '../../src-preload/commands.ts'
import { useMachineLooks, useMachines, useRun, useStores } from '../state/use-stores.ts'
import { Button, Empty, IconButton, ProblemNote, Working } from '../ui/controls.tsx'
import { MachineItem } from './MachineItem.tsx'
import { machineRows } from './machine-rows.ts'
import { RateMeter } from './rate-meter.ts'
import './machines.css'

/** The machines, which are the legend of the grid: a click shows one alone. */
export function MachinesPanel() {
  const { machines, view } = useStores()
  const status = useMachines((state) => state.status)
  const problem = useMachines((state) => state.problem)
  return (
    <aside className="machines-panel" aria-label="Machines">
      <header className="panel-head">
        <h2>Machines</h2>
        <IconButton
          name={commands.probe.title}
          icon="refresh"
          onClick={() => void machines.probe()}
        />
        <IconButton
          name={commands['add-machine'].title}
          icon="plus"
          onClick={() => view.openDialog({ name: 'machine', machine: '' })}
        />
      </header>
      {status === 'loading' && <Working what="Reading the machines …" />}
      {status === 'failed' && problem && (
        <ProblemNote problem={problem}>
          <Button onClick={() => void machines.load()}>Try again</Button>
        </ProblemNote>
      )}
      {status === 'ready' && <MachineList />}
      <footer>
        <Button
          kind="quiet"
          onClick={() => view.openDialog({ name: 'compare-machines', build: null })}
        >
          {commands['compare-machines'].title}
        </Button>
        <Button kind="quiet" onClick={() => view.openDialog({ name: 'stale-workers' })}>
          {commands['kill-workers'].title}
        </Button>
      </footer>
    </aside>
  )
}

function MachineList() {
  const { view } = useStores()
  const configured = useMachines((state) => state.machines)
  const parts = useRun((run) => run.machines)
  const live = useRun((run) => run.status === 'running')
  const rows = useMemo(() => machineRows(configured, parts, live), [configured, parts, live])
  const looks = useMachineLooks()
  const now = useNow(live ? 1000 : 10_000)
  const [meter] = useState(() => new RateMeter())
  for (const part of parts) meter.note(part.name, part.done, now)

  if (rows.length === 0) {
    return (
      <Empty title="No machines">
        <Button onClick={() => view.openDialog({ name: 'machine', machine: '' })}>
          {commands['add-machine'].title}
        </Button>
      </Empty>
    )
  }
  return (
    <ul className="machine-list">
      {rows.map((row, index) => (
        <MachineItem
          key={row.name}
          row={row}
          look={looks.get(row.name) ?? noLook}
          number={index + 1}
          live={live}
          perMinute={live ? meter.perMinute(row.name) : null}
          now={now}
        />
      ))}
    </ul>
  )
}

/** The time, drawn anew every so often. */
function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
