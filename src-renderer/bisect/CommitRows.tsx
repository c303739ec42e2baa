import { useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import type { BisectState, BisectTest } from '../../src-core/bisect/bisect-state.ts'
import type { Finding } from '../../src-core/bisect/culprit-stand.ts'
import type { Commit } from '../../src-core/model.ts'
import { useMachineLooks, useStores } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { Tip } from '../ui/Tip.tsx'
import { durationText } from '../words.ts'
import { commitItems } from './commit-items.ts'
import { TestMark, testWords } from './TestMark.tsx'
import { useOpenTest } from './use-open-test.ts'

/** So few commits are not folded away. */
const few = 3
/** Of a gap that is opened, so many are shown. */
const most = 200

/** The commits of a search one below the other, newest first; what was not tested is folded away. */
export function CommitRows({
  search,
  leader,
  tests,
  candidates,
  culprit,
}: {
  search: BisectState
  leader: string
  tests: readonly BisectTest[]
  candidates: readonly number[]
  culprit: number
}) {
  const items = commitItems(search.commits.length, tests, candidates)
  const row = (upto: number, test: BisectTest | null) => (
    <CommitRow
      key={upto}
      search={search}
      leader={leader}
      commit={search.commits[upto]}
      test={test}
      isCulprit={upto === culprit}
      isOpen={candidates.includes(upto)}
    />
  )
  return (
    <ol className="commit-rows" reversed aria-label="Commits, newest first">
      {items
        .toReversed()
        .map((item) =>
          item.kind === 'commit' ? (
            row(item.upto, item.test)
          ) : (
            <GapRows key={`gap ${item.from}`} open={item.open} uptos={uptosIn(item)} row={row} />
          ),
        )}
    </ol>
  )
}

function uptosIn({ from, to }: { readonly from: number; readonly to: number }): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => to - at)
}

function GapRows({
  open,
  uptos,
  row,
}: {
  open: number
  uptos: readonly number[]
  row: (upto: number, test: BisectTest | null) => React.ReactNode
}) {
  const [isShown, setShown] = useState(false)
  if (uptos.length <= few) return uptos.map((upto) => row(upto, null))
  const shown = isShown ? uptos.slice(0, most) : []
  const count = open > 0 ? open : uptos.length
  return (
    <>
      <li className="gap-row" data-open={open > 0 || undefined}>
        <button
          type="button"
          className="launch-link"
          aria-expanded={isShown}
          onClick={() => setShown(!isShown)}
        >
          {plural(count, 'commit')} {open > 0 ? 'may have done it' : 'not tested'}
        </button>
      </li>
      {shown.map((upto) => row(upto, null))}
      {isShown && shown.length < uptos.length && (
        <li className="gap-row soft">and {plural(uptos.length - shown.length, 'commit')} more</li>
      )}
    </>
  )
}

function CommitRow({
  search,
  leader,
  commit,
  test,
  isCulprit,
  isOpen,
}: {
  search: BisectState
  leader: string
  commit: Commit | undefined
  test: BisectTest | null
  isCulprit: boolean
  isOpen: boolean
}) {
  const looks = useMachineLooks()
  const open = useOpenTest(search)
  if (!commit) return null
  const { upto, hash, subject, author } = commit
  const isBuilt = test?.finding != null && test.from !== 'a person'
  const words = test || upto === 0 ? testWords(test) : isOpen ? 'may have done it' : 'not tested'
  return (
    <li className="commit-row" data-culprit={isCulprit || undefined}>
      <TestMark test={test} looks={looks} />
      <code>{hash.slice(0, 8)}</code>
      <Tip text={subject}>
        <span className="cut">{subject}</span>
      </Tip>
      <span className="cut soft author">{author.replace(/ <.*$/, '')}</span>
      <span className="said">
        {isBuilt ? (
          <button type="button" className="launch-link" onClick={() => void open(leader, upto)}>
            {words}
          </button>
        ) : (
          <span className="soft">{words}</span>
        )}
        {test && test.seconds > 0 && <span className="soft">{durationText(test.seconds)}</span>}
      </span>
      {search.phase === 'searching' && <MarkMenu upto={upto} />}
    </li>
  )
}

const findings: readonly { readonly finding: Finding; readonly title: string }[] = [
  { finding: 'good', title: 'It is good' },
  { finding: 'bad', title: 'It is bad' },
  { finding: 'skip', title: "It can't be told" },
]

/** What a person knows better than a build. */
function MarkMenu({ upto }: { upto: number }) {
  const { bisect, actions } = useStores()
  const mark = async (finding: Finding) => {
    const marked = await bisect.mark(upto, finding)
    if (!marked.ok) actions.tell(marked.problem)
  }
  return (
    <Menu
      button={
        <>
          Mark
          <Icon name="chevron" />
        </>
      }
      label={`Mark commit ${upto + 1}`}
      kind="quiet"
      align="end"
      tip="Say yourself what is to be found here"
    >
      <p className="menu-title">For all boards of this search</p>
      {findings.map(({ finding, title }) => (
        <MenuItem key={finding} onChoose={() => void mark(finding)}>
          {title}
        </MenuItem>
      ))}
    </Menu>
  )
}
