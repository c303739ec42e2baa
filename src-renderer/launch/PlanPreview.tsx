import { useMemo } from 'react'
import { listed, plural } from '../../src-core/basics/words.ts'
import {
  howToProvide,
  missingBlobs,
  type PlannedBlob,
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
import { groupReasons } from './plan-notes.ts'
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
  const rows = useMemo(() => sharesOf(plan), [plan])
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

/** A row a machine that builds; of the others one a reason, as five that are down say the same. */
function sharesOf({ machines, providers }: PlanSummary): readonly Share[] {
  const isIdle = ({ boards, reason }: Share) => boards === 0 && reason !== ''
  const idle = groupReasons(machines.filter(isIdle)).map(({ text, machines: its }): Share => {
    const only = its.length === 1 && machines.find(({ name }) => name === its[0])
    return only || { name: its.join(' '), slots: 0, boards: 0, reason: text }
  })
  return [...machines.filter((one) => !isIdle(one)), ...idle, ...providers.map(askedShare)]
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
      value: ({ name }) => listed(name.replace(/:$/, '').split(' ').map(titleOf), 3),
      text: ({ name }) => name.replace(/:$/, '').split(' ').map(titleOf).join(', '),
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

const firmwareColumns: readonly TableColumn<PlannedBlob>[] = [
  {
    id: 'file',
    title: 'File',
    value: titleOfBlob,
    show: (blob) => <code>{titleOfBlob(blob)}</code>,
    isFixed: true,
  },
  {
    id: 'boards',
    title: 'Boards',
    kind: 'number',
    value: ({ boards }) => boards.length,
    show: ({ boards }) => (
      <Tip text={boards.slice(0, 30).join(' ')}>
        <span>{boards.length === 1 ? boards[0] : boards.length.toLocaleString('en')}</span>
      </Tip>
    ),
  },
  {
    id: 'place',
    title: 'Where it lies',
    value: (blob) => (isMissing(blob) ? 'missing' : placeOfBlob(blob)),
    show: (blob) => (isMissing(blob) ? <strong>missing</strong> : placeOfBlob(blob)),
    className: 'share',
  },
]

function isMissing({ from, optional }: PlannedBlob): boolean {
  return from === '' && !optional
}

/** What images need of others, where it was found, and what can be done where it was not. */
function Firmware({ plan }: { plan: PlanSummary }) {
  const { view } = useStores()
  if (plan.blobs.length === 0) return null
  const [missing] = missingBlobs(plan.blobs)
  return (
    <section>
      <h3>Firmware that images need</h3>
      <Table
        name="firmware"
        label="Firmware that images need"
        className="machine-shares"
        columns={firmwareColumns}
        rows={plan.blobs}
        rowKey={({ name, from, optional }) => `${name} ${from} ${optional}`}
      />
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
