import { useEffect, useState } from 'react'
import { listed, machineTitle, plural } from '../../src-core/basics/words.ts'
import type { FoundWorker } from '../../src-core/model.ts'
import type { KillReport, MachineWorkers } from '../../src-preload/contract.ts'
import { useMachines, useStores } from '../state/use-stores.ts'
import { toggled } from '../state/view-store.ts'
import { Button, ProblemNote, Working } from '../ui/controls.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ageText, titleOf } from '../words.ts'
import { foundByKind } from './found-workers.ts'
import './stale-workers.css'

/** Machines that are named in one line. */
const mostNamed = 12

/** Finds workers on every machine and kills the chosen ones; stale ones are ticked, live ones are not. */
export function StaleWorkersDialog({ onClose }: { onClose: () => void }) {
  const { machines } = useStores()
  const found = useMachines((state) => state.workers)
  useEffect(() => void machines.findWorkers(), [machines])
  return (
    <Dialog title="Stale workers" size="large" onClose={onClose}>
      {found.status === 'ready' ? (
        <FoundWorkers found={found.value} />
      ) : (
        <div className="dialog-body">
          {found.status === 'failed' ? (
            <ProblemNote problem={found.problem} />
          ) : (
            <Working what="Asking every machine which workers it has …" />
          )}
        </div>
      )}
    </Dialog>
  )
}

function FoundWorkers({ found }: { found: readonly MachineWorkers[] }) {
  const { machines } = useStores()
  const kills = useMachines((state) => state.kills)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(() => staleKeys(found))
  const [busy, setBusy] = useState(false)
  const chosen = found
    .map(({ machine, workers }) => ({
      machine,
      workers: workers.filter((worker) => ticked.has(keyOf(machine, worker))),
    }))
    .filter(({ workers }) => workers.length > 0)
  const count = chosen.reduce((sum, { workers }) => sum + workers.length, 0)
  const { withWorkers, silent, without } = foundByKind(found, kills)

  const kill = async () => {
    setBusy(true)
    await Promise.all(chosen.map(({ machine, workers }) => machines.killWorkers(machine, workers)))
    setBusy(false)
    setTicked(new Set())
  }
  return (
    <>
      <div className="dialog-body">
        {withWorkers.map((machine) => (
          <MachineSection
            key={machine.machine}
            found={machine}
            report={kills.get(machine.machine)}
            ticked={ticked}
            onTick={(key) => setTicked(toggled(ticked, key))}
          />
        ))}
        {without.length > 0 && <p className="workers-none">No workers on {named(without)}.</p>}
        {silent.map(({ problem, machines: names }) => (
          <ProblemNote
            key={problem}
            problem={{ what: `${named(names)} could not be asked: ${problem}`, hint: '' }}
          />
        ))}
      </div>
      <footer>
        <Button disabled={busy} onClick={() => void machines.findWorkers()}>
          Look again
        </Button>
        <Button kind="danger" disabled={busy || count === 0} onClick={() => void kill()}>
          {busy ? 'Killing …' : count === 0 ? 'Kill' : `Kill ${plural(count, 'worker')}`}
        </Button>
      </footer>
    </>
  )
}

function MachineSection({
  found: { machine, workers, problem },
  report,
  ticked,
  onTick,
}: {
  found: MachineWorkers
  report: KillReport | undefined
  ticked: ReadonlySet<string>
  onTick: (key: string) => void
}) {
  return (
    <section className="workers-of">
      <h3>
        {titleOf(machine)}
        {report && <span className="workers-report">{reportText(report)}</span>}
      </h3>
      {problem && <ProblemNote problem={{ what: problem, hint: '' }} />}
      {workers.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>
                <span className="hidden-visually">Kill</span>
              </th>
              <th>State</th>
              <th>Process</th>
              <th>Age</th>
              <th>Started by</th>
              <th>Command, and its lock</th>
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => {
              const key = keyOf(machine, worker)
              return (
                <tr key={key}>
                  <td>
                    <input
                      type="checkbox"
                      className="check"
                      aria-label={`Kill ${worker.pid} on ${machine}`}
                      checked={ticked.has(key)}
                      onChange={() => onTick(key)}
                    />
                  </td>
                  <td>{stateText(worker)}</td>
                  <td>{worker.state === 'gone' ? '–' : worker.pid}</td>
                  <td>{worker.state === 'gone' ? '–' : ageText(worker.ageSeconds)}</td>
                  <td>{worker.boss || 'unknown'}</td>
                  <td className="command">
                    {worker.command}
                    {worker.lockPath && <span className="soft">{worker.lockPath}</span>}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** `moa, ruru and this computer`. */
function named(machines: readonly string[]): string {
  return listed(machines.map(machineTitle), mostNamed)
}

function stateText({ state, runId }: FoundWorker): string {
  if (state === 'live') return runId ? `live: serves run ${runId}` : 'live: serves a run'
  return state === 'stale' ? 'stale' : 'gone, its lock is left'
}

function reportText({ killed, problem }: KillReport): string {
  if (problem) return problem
  return killed === 0 ? 'none killed' : `killed ${killed}`
}

function keyOf(machine: string, { pid, startTime, lockPath }: FoundWorker): string {
  return `${machine}\n${pid}\n${startTime}\n${lockPath}`
}

function staleKeys(found: readonly MachineWorkers[]): ReadonlySet<string> {
  return new Set(
    found.flatMap(({ machine, workers }) =>
      workers.filter(({ state }) => state !== 'live').map((worker) => keyOf(machine, worker)),
    ),
  )
}
