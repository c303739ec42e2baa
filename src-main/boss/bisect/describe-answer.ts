/** From what a search found to what a person reads of it. */
import { listed, machineTitle } from '../../../src-core/basics/words.ts'
import type { BisectVerdict } from '../../../src-core/bisect/bisect-state.ts'
import { gitBisectLog } from '../../../src-core/bisect/bisect-texts.ts'
import type { Answer } from '../../../src-core/bisect/culprit-search.ts'
import type { Finding } from '../../../src-core/bisect/culprit-stand.ts'
import { nearestHunks } from '../../../src-core/bisect/patch-hunks.ts'
import type { Commit } from '../../../src-core/model.ts'
import type { GitPlace } from '../../tree/git/git-run.ts'
import { patchBetween, showCommit } from '../../tree/git/history/git-show.ts'
import type { FoundBuild } from './read-tested-build.ts'

/** What is known of the board that the answer was found with. */
export type Evidence = {
  readonly place: GitPlace
  readonly commits: readonly Commit[]
  readonly findings: ReadonlyMap<number, Finding>
  readonly buildAt: (upto: number) => FoundBuild | undefined
  /** The machine that built it again; empty where none did. */
  readonly confirmedOn: (upto: number) => string
}

export async function describeAnswer(answer: Answer, evidence: Evidence): Promise<BisectVerdict> {
  const { commits, findings } = evidence
  const { boards } = answer
  const commitAt = (upto: number): Commit => {
    const commit = commits[upto]
    if (!commit) throw new Error(`the search has no commit ${upto}`)
    return commit
  }
  switch (answer.kind) {
    case 'culprit':
      return describeCulprit(answer, evidence, commitAt)
    case 'one of': {
      const bisectLog = gitBisectLog(commits, findings)
      return { kind: 'one of', boards, commits: answer.candidates.map(commitAt), bisectLog }
    }
    case 'flaky': {
      const { commit, bad, built } = answer
      return { kind: 'flaky', boards, commit: commitAt(commit), bad, built }
    }
    default:
      return { kind: answer.kind, boards }
  }
}

async function describeCulprit(
  { commit: upto, parents, boards }: Extract<Answer, { kind: 'culprit' }>,
  evidence: Evidence,
  commitAt: (upto: number) => Commit,
): Promise<BisectVerdict> {
  const { place, commits, findings, buildAt } = evidence
  const commit = commitAt(upto)
  const build = buildAt(upto)
  const before = parents[0] === undefined ? null : commitAt(parents[0])
  const [shown, patch] = await Promise.all([
    showCommit(place, commit.hash),
    before ? patchBetween(place, before.hash, commit.hash) : '',
  ])
  return {
    kind: 'culprit',
    boards,
    commit,
    date: shown.date,
    proof: proofText([...parents, upto], evidence),
    problem: build?.problem ?? '',
    hunks: nearestHunks(patch, build?.file ?? ''),
    bisectLog: `${gitBisectLog(commits, findings)}# first bad commit: [${commit.hash}] ${commit.subject}\n`,
  }
}

function proofText(uptos: readonly number[], { buildAt, confirmedOn }: Evidence): string {
  const machines = uptos.map((upto) => ({
    first: buildAt(upto)?.machine ?? '',
    second: confirmedOn(upto),
  }))
  if (machines.some(({ second }) => second === '')) {
    return 'not all of it was built again: it is not confirmed'
  }
  const names = [...new Set(machines.flatMap(({ first, second }) => [first, second]))]
  const known = listed(names.filter((name) => name !== '').map(machineTitle))
  const isOther = machines.every(({ first, second }) => first !== second)
  return isOther
    ? `it and its parents came out alike on two machines each (${known})`
    : `it and its parents came out alike when they were built again (${known})`
}
