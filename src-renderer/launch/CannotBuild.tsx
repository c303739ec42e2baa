import { plural, reasonText } from '../../src-core/basics/words.ts'
import { isFetchable, ownCompilerAdvice } from '../../src-core/build/missing-compilers.ts'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { missingCompilers } from '../state/compilers-store.ts'
import { useStores } from '../state/use-stores.ts'
import { Button } from '../ui/controls.tsx'
import { Popover } from '../ui/Popover.tsx'

/** Boards that no machine can build, by architecture, and where to get compilers for them. */
export function CannotBuild({ plan }: { plan: PlanSummary }) {
  const { view } = useStores()
  return (
    <div className="cannot-build">
      <table>
        <tbody>
          {plan.notBuilt.map(({ arch, reason, boards }) => (
            <tr key={arch}>
              <th scope="row">{arch}</th>
              <td className="number">
                <Popover className="launch-link" button={plural(boards.length, 'board')}>
                  <p className="plan-reason">{boards.join(' ')}</p>
                </Popover>
              </td>
              <td className="soft">
                {reasonText(reason)}
                {!isFetchable(arch) && `: ${ownCompilerAdvice}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {missingCompilers(plan).length > 0 && (
        <Button onClick={() => view.openDialog({ name: 'fetch-compilers' })}>
          Fetch the missing compilers …
        </Button>
      )}
    </div>
  )
}
