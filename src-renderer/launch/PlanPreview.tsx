import { useMemo } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import {
  howToProvide,
  missingBlobs,
  placeOfBlob,
  titleOfBlob,
} from '../../src-core/blobs/board-blobs.ts'
import { noMachine } from '../../src-core/machine-colours.ts'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { whyNot } from '../state/launch/why-not.ts'
import { useLaunch, useMachineLooks, useStores, useWhere } from '../state/use-stores.ts'
import { Button, Empty, ProblemNote, Working } from '../ui/controls.tsx'
import { Tip } from '../ui/Tip.tsx'
import type { TableColumn } from '../ui/table/columns.ts'
import { Table } from '../ui/table/Table.tsx'
import { titleOf } from '../words.ts'
import { buildSentence } from './build-sentence.ts'
import { CannotBuild } from './CannotBuild.tsx'
import './plan-preview.css'

/** Before a run: what Build would do, machine by machine. */
export function PlanPreview() {
  const launch = useLaunch((state) => state)
  const where = useWhere()
  const { plan, isPlanOld, boards, choice, commits } = launch
  const reason = whyNot(launch, where)
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
    <div className="plan-preview" data-old={isPlanOld || undefined} aria-busy={isPlanOld}>
      <h2>{buildSentence(choice.chosen.length, count, isPlanOld ? null : plan.value)}</h2>
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

type Share = PlanSummary['machines'][number]

function MachineShares({ plan }: { plan: PlanSummary }) {
  const looks = useMachineLooks()
  const columns = useMemo(() => {
    const most = Math.max(1, ...plan.machines.map(({ boards }) => boards))
    return shareColumns(most, (name) => (looks.get(name) ?? noMachine).colour)
  }, [plan, looks])
  const rows = useMemo(() => [...plan.machines, ...plan.providers.map(askedShare)], [plan])
  return (
    <Table
      name="plan"
      label="Machines of the plan"
      className="machine-shares"
      columns={columns}
      rows={rows}
      rowKey={({ name }) => name}
      look={({ boards }) => (boards === 0 ? 'idle' : '')}
    />
  )
}

/** A provider has its machines only once they were asked for. */
function askedShare({ name, nodes }: PlanSummary['providers'][number]): Share {
  const reason = `is asked for up to ${plural(nodes, 'machine')}`
  return { name: `${name}:`, slots: 0, boards: 0, reason }
}

function shareColumns(
  most: number,
  colourOf: (name: string) => string,
): readonly TableColumn<Share>[] {
  return [
    {
      id: 'machine',
      title: 'Machine',
      kind: 'row head',
      value: ({ name }) => titleOf(name.replace(/:$/, '')),
      isFixed: true,
    },
    {
      id: 'slots',
      title: 'Slots',
      kind: 'number',
      value: ({ slots }) => slots,
      show: ({ slots }) => (slots > 0 ? slots : '–'),
    },
    { id: 'boards', title: 'Boards', kind: 'number', value: ({ boards }) => boards },
    {
      id: 'share',
      title: 'Share, or why it has none',
      value: ({ boards, reason }) => (boards > 0 ? Math.round((100 * boards) / most) : reason),
      text: ({ boards, reason }) => (boards > 0 ? '' : reason),
      show: ({ name, boards, reason }) =>
        boards > 0 ? (
          <span style={{ width: `${(100 * boards) / most}%`, background: colourOf(name) }} />
        ) : (
          reason
        ),
      className: 'share',
    },
  ]
}

/** What images need of others, where it was found, and what can be done where it was not. */
function Firmware({ plan }: { plan: PlanSummary }) {
  const { view } = useStores()
  if (plan.blobs.length === 0) return null
  const [missing] = missingBlobs(plan.blobs)
  return (
    <section>
      <h3>Firmware that images need</h3>
      <table className="machine-shares">
        <tbody>
          {plan.blobs.map((blob) => (
            <tr key={`${blob.name} ${blob.from} ${blob.optional}`}>
              <td className="mono">{titleOfBlob(blob)}</td>
              <Tip text={blob.boards.slice(0, 30).join(' ')}>
                <td>
                  {blob.boards.length === 1 ? blob.boards[0] : plural(blob.boards.length, 'board')}
                </td>
              </Tip>
              <td className="share">
                {blob.from === '' && !blob.optional ? <strong>missing</strong> : placeOfBlob(blob)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {missing && (
        <div className="plan-missing">
          <p className="soft">{howToProvide(missing)}.</p>
          <Button onClick={() => view.openDialog({ name: 'settings', page: 'firmware' })}>
            Say where it lies …
          </Button>
        </div>
      )}
    </section>
  )
}

function NotBuilt({ plan }: { plan: PlanSummary }) {
  if (plan.notBuilt.length === 0) return null
  return (
    <section>
      <h3>Can't be built</h3>
      <CannotBuild plan={plan} />
    </section>
  )
}
