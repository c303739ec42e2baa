import { useEffect, useMemo, useState } from 'react'
import { commands } from '../../src-preload/commands.ts'
import { useMachines, useProviders, useRun, useSettings, useStores } from '../state/use-stores.ts'
import { toggled } from '../state/view-store.ts'
import { Button, Empty } from '../ui/controls.tsx'
import { MachineSection } from './MachineSection.tsx'
import { isCrowded, isMeant, machineGroups } from './machine-groups.ts'
import { machineRows } from './machine-rows.ts'
import { RateMeter } from './rate-meter.ts'

/** One's own machines, and below them those of each provider. */
export function MachineList() {
  const { view } = useStores()
  const { groups, live } = useGroups()
  const parts = useRun((run) => run.machines)
  const now = useNow(live ? 1000 : 10_000)
  const [meter] = useState(() => new RateMeter())
  const [filter, setFilter] = useState('')
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  for (const part of parts) meter.note(part.name, part.done, now)

  const all = groups.flatMap(({ rows }) => rows)
  const crowded = isCrowded(all)
  const wanted = crowded ? filter.trim() : ''
  if (all.length === 0) {
    return (
      <Empty title="No machines">
        <Button onClick={() => view.openDialog({ name: 'machine', machine: '' })}>
          {commands['add-machine'].title}
        </Button>
      </Empty>
    )
  }
  return (
    <>
      {crowded && (
        <div className="machine-filter">
          <input
            type="search"
            className="field"
            aria-label="Filter machines by name or state"
            placeholder="Name or state"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </div>
      )}
      <div className="machine-list">
        {groups.map((group) => (
          <MachineSection
            key={group.provider}
            group={group}
            shown={group.rows.filter((row) => isMeant(row, wanted))}
            crowded={crowded}
            // What is looked for is shown, wherever it is.
            folded={folded.has(group.provider) && wanted === ''}
            onFold={() => setFolded(toggled(folded, group.provider))}
            live={live}
            perMinute={live ? (name) => meter.perMinute(name) : () => null}
            now={now}
          />
        ))}
        {wanted !== '' && !all.some((row) => isMeant(row, wanted)) && (
          <p className="machine-none">No machine is called or is like that.</p>
        )}
      </div>
    </>
  )
}

function useGroups() {
  const configured = useMachines((state) => state.machines)
  const providers = useProviders((state) => state.providers)
  const parts = useRun((run) => run.machines)
  const live = useRun((run) => run.status === 'running')
  const next = useSettings((state) => state.settings)
  const groups = useMemo(
    () => machineGroups(machineRows(configured, parts, live), providers, live, next),
    [configured, providers, parts, live, next],
  )
  return { groups, live }
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
