import type { CauseProof, MachineDifference } from '../../src-core/alike/comparison-state.ts'
import { fileText, verdictText } from '../../src-core/alike/comparison-texts.ts'
import { listed } from '../../src-core/basics/words.ts'
import { titleOf } from '../words.ts'

const filesShown = 8

/** Two machines that do not build a board alike: what differs first, what is likely to blame, and the proof. */
export function DifferenceCard({ difference }: { difference: MachineDifference }) {
  const { board, machines, comparison, causes, proof } = difference
  const [here, there] = machines
  const [likely, ...others] = causes
  return (
    <article className="difference" aria-label={`${board} on ${here} and ${there}`}>
      <h3>
        {board}: {titleOf(here)} and {titleOf(there)}
      </h3>
      <p>{verdictText(comparison)}</p>
      <p>
        {likely ? (
          <>
            Likely cause: <b>{likely.trait}</b>
          </>
        ) : (
          'Nothing is known to differ between them.'
        )}{' '}
        {proof && <Proof proof={proof} />}
      </p>
      {likely && (
        <dl className="cause">
          <dt>{titleOf(here)}</dt>
          <dd>{likely.here}</dd>
          <dt>{titleOf(there)}</dt>
          <dd>{likely.there}</dd>
        </dl>
      )}
      {proof && <p className="hint">{proof.text}</p>}
      {others.length > 0 && (
        <p className="hint">
          Also not alike:{' '}
          {listed(
            others.map(({ trait }) => trait),
            8,
          )}
        </p>
      )}
      <details>
        <summary>The first files that differ</summary>
        <ul className="files">
          {comparison.first.slice(0, filesShown).map((file) => (
            <li key={file.path}>{fileText(file)}</li>
          ))}
          {comparison.first.length > filesShown && <li>…</li>}
        </ul>
      </details>
    </article>
  )
}

const proofWords: Readonly<Record<CauseProof['kind'], string>> = {
  proved: 'proved',
  refuted: 'refuted',
  'not reproducible': 'not reproducible',
  none: 'not proved',
}

function Proof({ proof }: { proof: CauseProof }) {
  return (
    <span className="proof" data-kind={proof.kind}>
      {proofWords[proof.kind]}
    </span>
  )
}
