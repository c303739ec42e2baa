import { listed, machineTitle, plural } from '../../src-core/basics/words.ts'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { whyNot } from '../state/launch/why-not.ts'
import { isOursUnderWay } from '../state/run/run-store.ts'
import { useLaunch, useRun, useStores, useWhere } from '../state/use-stores.ts'
import { Button, ProblemNote } from '../ui/controls.tsx'
import { Popover } from '../ui/Popover.tsx'
import { BuildOffers } from './BuildOffers.tsx'
import { buildSentence, isAllBuilt, unbuildable } from './build-sentence.ts'
import { CannotBuild } from './CannotBuild.tsx'
import { groupNotes, groupReasons } from './plan-notes.ts'

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
  const where = useWhere()
  const reason = whyNot(launch, where)
  const { plan, isPlanOld, commits, choice, starting, startProblem } = launch
  const made = plan.status === 'ready' && !isPlanOld ? plan.value : null
  const anew = made !== null && isAllBuilt(made)
  const count = commits.status === 'ready' ? commits.value.commits.length : 1
  return (
    <>
      {startProblem && <ProblemNote problem={startProblem} />}
      {plan.status === 'ready' && !reason && <PlanNotes plan={plan.value} isOld={isPlanOld} />}
      <div className="build-choice">
        <Button
          kind="primary"
          className="button build-button"
          disabled={reason !== '' || starting}
          aria-describedby="build-says"
          onClick={() => void actions.start({ anew })}
        >
          {starting ? 'Starting …' : anew ? 'Build all again' : 'Build'}
        </Button>
        {reason === '' && !starting && <BuildOffers />}
      </div>
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
function PlanNotes({ plan, isOld }: { plan: PlanSummary; isOld: boolean }) {
  const { previously, notes, machines } = plan
  const cannot = unbuildable(plan)
  const asked = machines.filter(({ isAsked }) => isAsked)
  const out = machines.filter(
    ({ boards, reason, isAsked }) => boards === 0 && reason !== '' && !isAsked,
  )
  return (
    <div className="plan-notes" data-old={isOld || undefined}>
      {previously > 0 && <p>{plural(previously, 'build')} done before will be kept.</p>}
      {cannot > 0 && (
        <Popover className="launch-link" button={`${plural(cannot, 'board')} can't be built`}>
          <CannotBuild plan={plan} />
        </Popover>
      )}
      {asked.length > 0 && (
        <p>
          Asking{' '}
          {listed(
            asked.map(({ name }) => machineTitle(name)),
            3,
          )}{' '}
          what they can build …
        </p>
      )}
      {out.length > 0 && (
        <Popover
          className="launch-link"
          button={`${plural(out.length, 'machine takes', 'machines take')} no part`}
        >
          {groupReasons(out).map(({ text, machines: its }) => (
            <p key={text} className="plan-reason">
              <b>{listed(its.map(machineTitle))}</b>: {text}
            </p>
          ))}
        </Popover>
      )}
      <Notes notes={notes} machines={machines.map(({ name }) => name)} />
    </div>
  )
}

/** One line, however many there are: Build stays in sight. */
function Notes({ notes, machines }: { notes: readonly string[]; machines: readonly string[] }) {
  const groups = groupNotes(notes, machines)
  if (groups.length === 0) return null
  return (
    <Popover className="launch-link" button={plural(groups.length, 'note')}>
      {groups.map(({ text, machines: its }) => (
        <p key={text} className="plan-reason">
          {its.length > 0 && <b>{listed(its.map(machineTitle))}: </b>}
          {text}
        </p>
      ))}
    </Popover>
  )
}
