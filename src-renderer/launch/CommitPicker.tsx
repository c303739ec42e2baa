import { useEffect, useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import { type CommitChoice, commitNumber } from '../../src-core/model.ts'
import { useLaunch, useStores } from '../state/use-stores.ts'
import { ProblemNote, Segments } from '../ui/controls.tsx'
import { Popover } from '../ui/Popover.tsx'
import { Tip } from '../ui/Tip.tsx'

/** Typing a range asks git only when it rests. */
const restMs = 350

/** Which commits to build: what is on disk, a branch against its upstream, or a range. */
export function CommitPicker() {
  const { launch } = useStores()
  const tree = useLaunch((state) => state.tree)
  const choice = useLaunch((state) => state.commitChoice)
  if (tree.status !== 'ready') return null
  const { git } = tree.value
  const off = git ? {} : { off: 'The tree is not in git' }
  const kinds = [
    { value: 'current', label: 'Current source' },
    { value: 'branch', label: 'Branch', ...off },
    { value: 'range', label: 'Range', ...off },
  ] as const
  const choose = (kind: CommitChoice['kind']) => {
    if (kind === 'current') launch.chooseCommits({ kind })
    if (kind === 'branch') launch.chooseCommits({ kind, branch: git?.branch || 'HEAD' })
    if (kind === 'range') launch.chooseCommits({ kind, range: 'HEAD~1..HEAD' })
  }
  return (
    <section className="launch-commits" aria-label="Commits">
      <Segments label="Commits" value={choice.kind} options={kinds} onChange={choose} />
      {choice.kind === 'branch' && <BranchFields choice={choice} branches={git?.branches ?? []} />}
      {choice.kind === 'range' && <RangeFields choice={choice} />}
      <CommitsFound />
    </section>
  )
}

type Branch = { readonly name: string; readonly upstream: string }

function BranchFields({
  choice,
  branches,
}: {
  choice: Extract<CommitChoice, { kind: 'branch' }>
  branches: readonly Branch[]
}) {
  const { launch } = useStores()
  const upstream = branches.find(({ name }) => name === choice.branch)?.upstream
  return (
    <>
      <select
        className="field"
        aria-label="Branch"
        value={choice.branch}
        onChange={(event) => launch.chooseCommits({ ...choice, branch: event.target.value })}
      >
        {!branches.some(({ name }) => name === choice.branch) && (
          <option value={choice.branch}>{choice.branch}</option>
        )}
        {branches.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <SeriesFields choice={choice} />
      {upstream !== undefined && (
        <p className="launch-note">{upstream ? `since ${upstream}` : 'has no upstream'}</p>
      )}
    </>
  )
}

function RangeFields({ choice }: { choice: Extract<CommitChoice, { kind: 'range' }> }) {
  const { launch } = useStores()
  const [range, setRange] = useState(choice.range)
  useEffect(() => {
    if (range === choice.range || range.trim() === '') return
    const timer = setTimeout(() => launch.chooseCommits({ ...choice, range }), restMs)
    return () => clearTimeout(timer)
  }, [range, choice, launch])
  return (
    <>
      <input
        className="field mono"
        aria-label="Range of commits"
        placeholder="a..b"
        spellCheck={false}
        value={range}
        onChange={(event) => setRange(event.target.value)}
      />
      <SeriesFields choice={choice} />
    </>
  )
}

/** How many commits of the series, and every which one. */
function SeriesFields({ choice }: { choice: Exclude<CommitChoice, { kind: 'current' }> }) {
  const { launch } = useStores()
  const set = (key: 'count' | 'step', text: string) => {
    const { [key]: _, ...rest } = choice
    const number = Number(text)
    const valid = text !== '' && Number.isInteger(number) && number >= (key === 'count' ? 1 : 0)
    launch.chooseCommits(valid ? { ...rest, [key]: number } : rest)
  }
  return (
    <div className="series-fields">
      <label>
        last
        <input
          className="field"
          type="number"
          min={1}
          placeholder="all"
          aria-label="Number of commits"
          value={choice.count ?? ''}
          onChange={(event) => set('count', event.target.value)}
        />
      </label>
      <Tip text="0 builds only the first and the last">
        <label>
          every
          <input
            className="field"
            type="number"
            min={0}
            placeholder="1"
            aria-label="Step"
            value={choice.step ?? ''}
            onChange={(event) => set('step', event.target.value)}
          />
          commits
        </label>
      </Tip>
    </div>
  )
}

function CommitsFound() {
  const commits = useLaunch((state) => state.commits)
  if (commits.status === 'loading') return <p className="launch-note">Reading the commits …</p>
  if (commits.status === 'failed') return <ProblemNote problem={commits.problem} />
  if (commits.status === 'idle') return null
  const { commits: list, notes } = commits.value
  const first = list[0]
  return (
    <>
      {list.length > 1 ? (
        <Popover className="launch-link" button={plural(list.length, 'commit')}>
          <ol className="commit-list">
            {list.map((commit) => (
              <li key={commit.upto}>
                <span>{commitNumber(commit)}</span>
                <code>{commit.hash.slice(0, 8)}</code>
                <span className="cut">{commit.subject}</span>
              </li>
            ))}
          </ol>
        </Popover>
      ) : (
        first && (
          <p className="launch-note">
            <span className="cut">{first.currentSource ? 'As it is on disk' : first.subject}</span>
          </p>
        )
      )}
      {notes.map((note) => (
        <p key={note} className="launch-note">
          {note}
        </p>
      ))}
    </>
  )
}
