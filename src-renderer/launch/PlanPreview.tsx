import { howToProvide, missingBlobs, titleOfBlob } from '../../src-core/blobs/board-blobs.ts'
import { noMachine } from '../../src-core/machine-colours.ts'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { whyNot } from '../state/launch/launch-store.ts'
import { useLaunch, useMachineLooks, useSettings } from '../state/use-stores.ts'
import { Empty, ProblemNote, Working } from '../ui/controls.tsx'
import { titleOf } from '../words.ts'
import { buildSentence } from './build-sentence.ts'
import { CannotBuild } from './CannotBuild.tsx'
import './plan-preview.css'

/** Before a run: what Build would do, machine by machine. */
export function PlanPreview() {
  const launch = useLaunch((state) => state)
  const app = useSettings((state) => state.settings)
  const { plan, boards, choice, commits } = launch
  const reason = whyNot(launch, app ?? { distribute: true, noLocal: false })
  if (boards.status === 'loading') return <Working what="Finding the boards of the tree …" />
  if (plan.status === 'loading') return <Working what="Planning …" />
  if (plan.status === 'failed') {
    return (
      <Empty title="There is no plan">
        <ProblemNote problem={plan.problem} />
      </Empty>
    )
  }
  if (plan.status === 'idle') return <Empty title={reason || 'Choose boards to build'} />
  const count = commits.status === 'ready' ? commits.value.commits.length : 1
  return (
    <div className="plan-preview">
      <h2>{buildSentence(choice.chosen.length, count, plan.value)}</h2>
      {plan.value.blocked && <ProblemNote problem={{ what: plan.value.blocked, hint: '' }} />}
      <MachineShares plan={plan.value} />
      <NotBuilt plan={plan.value} />
      <Firmware plan={plan.value} />
      {!plan.value.estimate && !plan.value.blocked && (
        <p className="soft">How long it takes is known once boards of this tree have been built.</p>
      )}
    </div>
  )
}

function MachineShares({ plan }: { plan: PlanSummary }) {
  const looks = useMachineLooks()
  const most = Math.max(1, ...plan.machines.map(({ boards }) => boards))
  return (
    <table className="machine-shares">
      <thead>
        <tr>
          <th>Machine</th>
          <th className="number">Slots</th>
          <th className="number">Boards</th>
          <th>
            <span className="hidden-visually">Share</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {plan.machines.map(({ name, slots, boards, reason }) => (
          <tr key={name} data-idle={boards === 0 || undefined}>
            <th scope="row">{titleOf(name)}</th>
            <td className="number">{slots > 0 ? slots : '–'}</td>
            <td className="number">{boards.toLocaleString('en')}</td>
            <td className="share">
              {boards > 0 ? (
                <span
                  style={{
                    width: `${(100 * boards) / most}%`,
                    background: (looks.get(name) ?? noMachine).colour,
                  }}
                />
              ) : (
                reason
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Firmware({ plan }: { plan: PlanSummary }) {
  if (plan.blobs.length === 0) return null
  return (
    <section>
      <h3>Firmware that images need</h3>
      <ul>
        {plan.blobs.map((blob) => {
          const isMissing = blob.from === ''
          return (
            <li key={`${blob.name} ${blob.from} ${blob.optional}`}>
              <span className="mono">{titleOfBlob(blob)}</span> for{' '}
              <span title={blob.boards.slice(0, 30).join(' ')}>
                {blob.boards.length === 1 ? blob.boards[0] : `${blob.boards.length} boards`}
              </span>
              {': '}
              {isMissing ? <strong>{blob.optional ? 'not there' : 'missing'}</strong> : blob.from}
            </li>
          )
        })}
      </ul>
      {missingBlobs(plan.blobs)
        .slice(0, 1)
        .map((blob) => (
          <p key={blob.name} className="soft">
            {howToProvide(blob)}.
          </p>
        ))}
    </section>
  )
}

function NotBuilt({ plan }: { plan: PlanSummary }) {
  if (plan.notBuilt.length === 0) return null
  return (
    <section>
      <h3>Can't be built</h3>
      <CannotBuild plan={plan} most={8} />
    </section>
  )
}
