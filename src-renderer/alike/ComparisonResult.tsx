import type { ComparisonState } from '../../src-core/alike/comparison-state.ts'
import { twinsText } from '../../src-core/alike/comparison-texts.ts'
import { noLook } from '../../src-core/machine-colours.ts'
import { MachineSwatch } from '../look/StatusGlyph.tsx'
import { useMachineLooks } from '../state/use-stores.ts'
import { titleOf } from '../words.ts'
import { comparedRows, headlineOf } from './comparison-rows.ts'
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
  return (
    <div className="compared-table">
      <table>
        <thead>
          <tr>
            <th>Board</th>
            {state.machines.map((name) => (
              <th key={name}>
                <MachineSwatch look={looks.get(name) ?? noLook} name={name} />
                {titleOf(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {comparedRows(state).map(({ board, arch, cells }) => (
            <tr key={board}>
              <th scope="row">
                {board} <span className="hint">{arch}</span>
              </th>
              {cells.map(({ machine, letter, text, mood, reason }) => (
                <td key={machine} data-mood={mood} title={reason}>
                  {letter && <b title="The same letter: the same images">{letter}</b>}
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
