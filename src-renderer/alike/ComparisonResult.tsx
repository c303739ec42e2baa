import { useMemo } from 'react'
import type { ComparisonState } from '../../src-core/alike/comparison-state.ts'
import { twinsText } from '../../src-core/alike/comparison-texts.ts'
import { type MachineLook, noLook } from '../../src-core/machine-colours.ts'
import { MachineSwatch } from '../look/StatusGlyph.tsx'
import { useMachineLooks } from '../state/use-stores.ts'
import { Tip } from '../ui/Tip.tsx'
import type { TableColumn } from '../ui/table/columns.ts'
import { Table } from '../ui/table/Table.tsx'
import { titleOf } from '../words.ts'
import { type ComparedCell, type ComparedRow, comparedRows, headlineOf } from './comparison-rows.ts'
import { DifferenceCard } from './DifferenceCard.tsx'

/** What a comparison has come to so far: who built what, who is like whom, what differs and why. */
export function ComparisonResult({ state }: { state: ComparisonState }) {
  const goesOn = state.phase !== 'over'
  return (
    <section className="comparison" aria-label="Comparison">
      <p className="comparison-headline" role="status">
        {goesOn && <span className="working" aria-hidden="true" />}
        {headlineOf(state)}
      </p>
      <ComparedTable state={state} />
      {state.twins.length > 0 && (
        <ul className="twins">
          {state.twins.map((twins) => (
            <li key={twins.machines.join(' ')}>{twinsText(twins)}.</li>
          ))}
        </ul>
      )}
      {state.differences.map((difference) => (
        <DifferenceCard
          key={`${difference.board} ${difference.machines.join(' ')}`}
          difference={difference}
        />
      ))}
    </section>
  )
}

function ComparedTable({ state }: { state: ComparisonState }) {
  const looks = useMachineLooks()
  const rows = useMemo(() => comparedRows(state), [state])
  const columns = useMemo(
    (): readonly TableColumn<ComparedRow>[] => [
      { id: 'board', title: 'Board', kind: 'row head', value: ({ board }) => board, isFixed: true },
      {
        id: 'arch',
        title: 'Architecture',
        value: ({ arch }) => arch,
        show: ({ arch }) => <span className="hint">{arch}</span>,
      },
      ...state.machines.map((name, index) => machineColumn(name, index, looks.get(name) ?? noLook)),
    ],
    [state.machines, looks],
  )
  return (
    <>
      <Table
        name="compared-machines"
        label="Boards by machine"
        className="compared-table"
        columns={columns}
        rows={rows}
        rowKey={({ board }) => board}
      />
      {rows.some(({ cells }) => cells.some(({ letter }) => letter !== '')) && (
        <p className="hint">Builds of a board with the same letter have the same images.</p>
      )}
    </>
  )
}

function machineColumn(name: string, index: number, look: MachineLook): TableColumn<ComparedRow> {
  const text = ({ cells }: ComparedRow) =>
    [cells[index]?.letter, cells[index]?.text].filter(Boolean).join(' ')
  return {
    id: name,
    title: titleOf(name),
    head: (
      <>
        <MachineSwatch look={look} />
        <span aria-hidden="true">{titleOf(name)}</span>
      </>
    ),
    value: text,
    show: ({ cells }) => cells[index] && <ComparedBuildCell cell={cells[index]} />,
  }
}

function ComparedBuildCell({ cell: { letter, text, mood, reason } }: { cell: ComparedCell }) {
  return (
    <Tip text={reason}>
      <span data-mood={mood}>
        {letter && <b>{letter}</b>}
        {text}
      </span>
    </Tip>
  )
}
