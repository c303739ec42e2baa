import { machineTitle, plural, reasonText } from '../../src-core/basics/words.ts'
import { isFetchable, ownCompilerAdvice } from '../../src-core/build/missing-compilers.ts'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { useStores } from '../state/use-stores.ts'
import { Button } from '../ui/controls.tsx'

/** Boards that no machine can build, by architecture, and where to get a compiler for them. */
export function CannotBuild({ plan, most }: { plan: PlanSummary; most: number }) {
  const { view } = useStores()
  const machine = plan.machines.find(({ slots }) => slots > 0)?.name
  return (
    <div className="cannot-build">
      {plan.notBuilt.map(({ arch, reason, boards }) => (
        <div key={arch} className="plan-reason">
          <p>
            <b>{arch}</b>: {plural(boards.length, 'board')}, {reasonText(reason)}
          </p>
          <p className="soft">
            {boards.slice(0, most).join(' ')}
            {boards.length > most && ' …'}
          </p>
          {!isFetchable(arch) && (
            <p>
              For {arch}, {ownCompilerAdvice}.
            </p>
          )}
        </div>
      ))}
      {machine !== undefined && plan.notBuilt.some(({ arch }) => isFetchable(arch)) && (
        <Button onClick={() => view.openDialog({ name: 'machine-facts', machine })}>
          Fetch a compiler for {machineTitle(machine)} …
        </Button>
      )}
    </div>
  )
}
