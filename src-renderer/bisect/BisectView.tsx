import { plural } from '../../src-core/basics/words.ts'
import {
  type BisectState,
  type BisectTest,
  isUnfinished,
} from '../../src-core/bisect/bisect-state.ts'
import { headline } from '../../src-core/bisect/bisect-texts.ts'
import { useBisect } from '../state/use-stores.ts'
import { Button, Empty } from '../ui/controls.tsx'
import { CommitLine } from './CommitLine.tsx'
import { CommitRows } from './CommitRows.tsx'
import { outlookText, searchOutlook } from './search-outlook.ts'
import { useGoOn } from './use-go-on.ts'
import { VerdictCard } from './VerdictCard.tsx'
import '../ui/report-view.css'
import './bisect.css'

/** The search for the commit that broke boards: while it goes on, and what it found. */
export function BisectView() {
  const search = useBisect((state) => state.search)
  if (!search) {
    return (
      <Empty title="No search yet">
        <p>
          A build that failed or warns has "Find the commit" in its menu and in its details: it
          finds the commit that did it, on all machines.
        </p>
      </Empty>
    )
  }
  return (
    <div className="report-view bisect-view">
      <SearchHead search={search} />
      {search.verdicts.map((verdict) => (
        <VerdictCard key={verdict.boards.join()} verdict={verdict} search={search} />
      ))}
      {partsOf(search).map((part) => (
        <SearchPart key={part.leader} {...part} search={search} />
      ))}
    </div>
  )
}

function goesOn({ phase }: BisectState): boolean {
  return phase === 'searching' || phase === 'confirming'
}

function SearchHead({ search }: { search: BisectState }) {
  const { range, rule, commits, phase, tests } = search
  const earlier = tests.filter(({ from }) => from === 'an earlier run').length
  const built = tests.filter(({ from, finding }) => from === 'this search' && finding).length
  const known = earlier > 0 ? `, ${earlier.toLocaleString('en')} known from earlier runs` : ''
  return (
    <header className="report-head">
      <div>
        <h2>{headline(search)}</h2>
        <p className="soft">
          {(phase === 'confirming' || phase === 'over') && `The first commit at which ${rule}, of `}
          {plural(commits.length - 1, 'commit')} in <code>{range}</code>; {plural(built, 'build')}{' '}
          done{known}
        </p>
      </div>
      {!goesOn(search) && isUnfinished(search) && <GoOn tests={tests} />}
    </header>
  )
}

/** A search that was broken off goes on where it stood. */
function GoOn({ tests }: { tests: readonly BisectTest[] }) {
  const goOn = useGoOn()
  const marked = tests.some(({ from }) => from === 'a person')
  return (
    <div className="bisect-tools">
      {marked && <Button onClick={() => void goOn(false)}>Go on without my marks</Button>}
      <Button icon="play" onClick={() => void goOn(true)}>
        Go on
      </Button>
    </div>
  )
}

type Part = {
  readonly leader: string
  readonly others: number
  readonly candidates: readonly number[]
  /** What is being done; empty when it is over. */
  readonly says: string
}

/** Boards that are searched for together, or have a verdict together. */
function partsOf(search: BisectState): readonly Part[] {
  const { parts, verdicts, tests } = search
  const open = parts.map(({ boards, candidates, step }): Part => {
    const [leader = '', ...others] = boards
    const outlook = searchOutlook({ candidates }, testsOf(tests, leader))
    const doing = goesOn(search) ? 'building' : 'not yet built were'
    const says = {
      searching: goesOn(search)
        ? outlookText(outlook)
        : `${plural(candidates.length, 'commit')} left`,
      'boards hit': `Found; ${doing} the other boards at it and before it`,
      confirming: `Found; ${doing} it and its parents once more`,
    }[step]
    return { leader, others: others.length, candidates, says }
  })
  const ended = verdicts.map(({ boards }): Part => {
    const [leader = '', ...others] = boards
    return { leader, others: others.length, candidates: [], says: '' }
  })
  const leaders = new Set(open.map(({ leader }) => leader))
  return [...open, ...ended.filter(({ leader }) => !leaders.has(leader))]
}

function testsOf(tests: readonly BisectTest[], board: string): readonly BisectTest[] {
  return tests.filter((test) => test.board === board)
}

function SearchPart({ leader, others, candidates, says, search }: Part & { search: BisectState }) {
  const tests = testsOf(search.tests, leader)
  const verdict = search.verdicts.find(({ boards }) => boards[0] === leader)
  const culprit = verdict?.kind === 'culprit' ? verdict.commit.upto : -1
  const isOpen = isUnfinished(search) && search.phase !== 'confirming'
  return (
    <section aria-label={`Commits tested with ${leader}`}>
      <h3>
        {leader}
        {others > 0 && <span className="soft">and {plural(others, 'board')} with it</span>}
        {isOpen && says !== '' && (
          <span className="bisect-says" role="status">
            {says}
          </span>
        )}
      </h3>
      <CommitLine
        commits={search.commits}
        tests={tests}
        candidates={isOpen ? candidates : []}
        culprit={culprit}
      />
      <CommitRows
        search={search}
        leader={leader}
        tests={tests}
        candidates={isOpen ? candidates : []}
        culprit={culprit}
      />
    </section>
  )
}
