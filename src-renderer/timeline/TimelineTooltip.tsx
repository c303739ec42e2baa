import { plural } from '../../src-core/basics/words.ts'
import { type RunState, stateOf } from '../../src-core/run/run-state.ts'
import { BuildFaults } from '../grid/BuildFaults.tsx'
import { againstText, describeCell } from '../grid/model/describe-cell.ts'
import { StatusGlyph } from '../look/StatusGlyph.tsx'
import { lastTimeOf } from '../state/run/last-times-store.ts'
import { useCells } from '../state/run/use-cells.ts'
import { useLastTimes, useStores } from '../state/use-stores.ts'
import { useBesidePointer } from '../ui/beside-pointer.ts'
import { durationText } from '../words.ts'
import type { Hit } from './lanes/bar-at.ts'
import { attemptWords } from './lanes/describe-attempt.ts'

/** What the pointer rests on: one attempt, or how many there are where they are too small. */
export function TimelineTooltip({ hit, x, y }: { hit: Hit; x: number; y: number }) {
  const { runs } = useStores()
  const [first = -1] = hit.attempts
  const { attempts } = runs.run()
  const run = useCells(hit.attempts.map((index) => attempts[index]?.cell ?? -1))
  const tip = useBesidePointer(x, y)
  return (
    <div ref={tip} className="grid-tooltip" role="tooltip">
      {hit.attempts.length > 1 ? <Many run={run} hit={hit} /> : <One run={run} index={first} />}
    </div>
  )
}

function One({ run, index }: { run: RunState; index: number }) {
  const times = useLastTimes((state) => state.times)
  const attempt = run.attempts[index]
  const build = attempt && describeCell(run, attempt.cell, Date.now())
  if (!build) return null
  const seconds = ((attempt.to || Date.now()) - attempt.from) / 1000
  const against = againstText(lastTimeOf(times, attempt.cell, build.state))
  return (
    <>
      <p className="title">
        <StatusGlyph mark={attempt.end === 'lost' ? 'lost' : build.mark} />
        <strong>{build.board}</strong>
        <span>{build.arch}</span>
      </p>
      {build.commit && <p className="soft cut">{build.commit}</p>}
      <p>
        {attemptWords(run, attempt)}
        <span className="soft">
          , {attempt.end === 'open' ? 'for ' : ''}
          {durationText(seconds)}, slot {attempt.slot + 1}
        </span>
      </p>
      {against && <p className="soft">{against}</p>}
      {attempt.end === 'won' && <BuildFaults cell={attempt.cell} build={build} />}
    </>
  )
}

function Many({ run, hit }: { run: RunState; hit: Hit }) {
  const failed = hit.attempts.filter((index) => {
    const attempt = run.attempts[index]
    return attempt?.end === 'won' && stateOf(run, attempt.cell) === 'failed'
  }).length
  return (
    <>
      <p>
        <strong>{plural(hit.attempts.length, 'build')}</strong>
        {failed > 0 && `, ${failed} failed`}
        <span className="soft"> in {durationText((hit.to - hit.from) / 1000)}</span>
      </p>
      <p className="soft">A click zooms in on them.</p>
    </>
  )
}
