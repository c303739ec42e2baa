import type { BisectTest } from '../../src-core/bisect/bisect-state.ts'
import type { Commit } from '../../src-core/model.ts'
import { useMachineLooks } from '../state/use-stores.ts'
import { Tip } from '../ui/Tip.tsx'
import { type CommitItem, commitItems, gapWidth } from './commit-items.ts'
import { TestMark, testWords } from './TestMark.tsx'

/** All commits of a search as a line, oldest first: what was tested, and what is still open between. */
export function CommitLine({
  commits,
  tests,
  candidates,
  culprit,
}: {
  commits: readonly Commit[]
  tests: readonly BisectTest[]
  candidates: readonly number[]
  /** -1 while none is known. */
  culprit: number
}) {
  return (
    <ol className="commit-line" aria-label="Commits, oldest first">
      {commitItems(commits.length, tests, candidates).map((item) =>
        item.kind === 'gap' ? (
          <Gap key={`gap ${item.from}`} gap={item} />
        ) : (
          <Tested
            key={item.upto}
            commit={commits[item.upto]}
            test={item.test}
            isCulprit={item.upto === culprit}
            isEnd={item.upto === 0 || item.upto === commits.length - 1}
          />
        ),
      )}
    </ol>
  )
}

function Gap({ gap }: { gap: Extract<CommitItem, { kind: 'gap' }> }) {
  const { from, to, open } = gap
  const count = open > 0 ? open : to - from + 1
  return (
    <li className="gap" data-open={open > 0 || undefined} style={{ flexGrow: gapWidth(gap) }}>
      <span className="count" aria-hidden="true">
        {count.toLocaleString('en')}
      </span>
      <span className="hidden-visually">
        {count.toLocaleString('en')} not tested{open > 0 ? ', open' : ''}
      </span>
    </li>
  )
}

function Tested({
  commit,
  test,
  isCulprit,
  isEnd,
}: {
  commit: Commit | undefined
  test: BisectTest | null
  isCulprit: boolean
  isEnd: boolean
}) {
  const looks = useMachineLooks()
  if (!commit) return null
  const words = `${commit.hash.slice(0, 8)} ${commit.subject}: ${testWords(test)}`
  return (
    <Tip text={words}>
      <li className="tested" data-culprit={isCulprit || undefined}>
        <TestMark test={test} looks={looks} />
        {(isCulprit || isEnd) && <code aria-hidden="true">{commit.hash.slice(0, 8)}</code>}
        <span className="hidden-visually">{words}</span>
      </li>
    </Tip>
  )
}
