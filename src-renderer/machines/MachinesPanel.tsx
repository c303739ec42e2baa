import { useEffect } from 'react'
import { commands } from '../../src-preload/commands.ts'
import { useMachines, useProviders, useStores } from '../state/use-stores.ts'
import { Button, IconButton, ProblemNote, Working } from '../ui/controls.tsx'
import { MachineList } from './MachineList.tsx'
import './machines.css'

/** The machines, which are the legend of the grid: a click shows one alone. */
export function MachinesPanel() {
  const { machines, providers, view } = useStores()
  const status = useMachines((state) => state.status)
  const problem = useMachines((state) => state.problem)
  const configured = useProviders((state) => state.providers)
  // biome-ignore lint/correctness/useExhaustiveDependencies: others are asked when there are others
  useEffect(() => void providers.describe(), [providers, configured])
  return (
    <aside className="machines-panel" aria-label="Machines">
      <header className="panel-head">
        <h2>Machines</h2>
        <IconButton
          name={commands.probe.title}
          icon="refresh"
          onClick={() => {
            void machines.probe()
            void providers.describe()
          }}
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
