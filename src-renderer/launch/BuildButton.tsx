import { machineTitle, plural } from '../../src-core/basics/words.ts'
import { whyNot } from '../state/launch/launch-store.ts'
import { isOursUnderWay } from '../state/run/run-store.ts'
import { useLaunch, useRun, useSettings, useStores } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'
import { Popover } from '../ui/Popover.tsx'
import { buildSentence, unbuildable } from './build-sentence.ts'
import { CannotBuild } from './CannotBuild.tsx'

/** One button that says what it will do, or why it can't; while a run goes on, how far that is. */
export function BuildButton() {
  const running = useRun(isOursUnderWay)
  return (
    <section className="launch-build" aria-label="Start">
      {running ? <RunNow /> : <Start />}
    </section>
  )
}

function Start() {
  const { actions } = useStores()
  const launch = useLaunch((state) => state)
  const app = useSettings((state) => state.settings)
  const reason = whyNot(launch, app ?? { distribute: true, noLocal: false })
  const { plan, commits, choice, starting, startProblem } = launch
  const made = plan.status === 'ready' ? plan.value : null
  const count = commits.status === 'ready' ? commits.value.commits.length : 1
  return (
    <>
      {startProblem && <ProblemNote problem={startProblem} />}
      {made && !reason && <PlanNotes />}
      <Button
        kind="primary"
        className="button build-button"
        disabled={reason !== '' || starting}
        aria-describedby="build-says"
        onClick={() => void actions.start()}
      >
        {starting ? 'Starting …' : 'Build'}
      </Button>
      <p id="build-says" className="build-says" aria-live="polite">
        {reason || buildSentence(choice.chosen.length, count, made)}
      </p>
    </>
  )
}

/** Nothing to press where Build was: a second click on it does no harm. Stop is in the top bar. */
function RunNow() {
  const counts = useRun((run) => run.counts)
  const total = useRun((run) => run.boards * run.commits)
  const paused = useRun((run) => run.paused)
  const done = counts.ok + counts.warnings + counts.failed + counts['not built']
  return (
    <>
      <p className="run-now">
        <b>{paused ? 'Paused' : 'Building'}</b>
        <span>
          {done.toLocaleString('en')} of {total.toLocaleString('en')} done
        </span>
      </p>
      <p className="build-says">What you choose above is for the next run.</p>
    </>
  )
}

/** What else the plan has to say: boards that can't be built, machines left out, what is there already. */
function PlanNotes() {
  const plan = useLaunch((state) => (state.plan.status === 'ready' ? state.plan.value : null))
  if (!plan) return null
  const { previously, notes, machines } = plan
  const cannot = unbuildable(plan)
  const out = machines.filter(({ boards, reason }) => boards === 0 && reason !== '')
  return (
    <div className="plan-notes">
      {previously > 0 && <p>{plural(previously, 'build')} done before will be kept.</p>}
      {cannot > 0 && (
        <Popover className="launch-link" button={`${plural(cannot, 'board')} can't be built`}>
          <CannotBuild plan={plan} most={30} />
        </Popover>
      )}
      {out.length > 0 && (
        <Popover
          className="launch-link"
          button={`${plural(out.length, 'machine takes', 'machines take')} no part`}
        >
          {out.map(({ name, reason }) => (
            <p key={name} className="plan-reason">
              <b>{machineTitle(name)}</b>: {reason}
            </p>
          ))}
        </Popover>
      )}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  )
}
