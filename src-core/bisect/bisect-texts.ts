/** What is said of a search in words: the verdict, a reply to whoever wrote the commit, git's own log. Pure. */
import type { Commit } from '../model.ts'
import type { BisectState, BisectVerdict } from './bisect-state.ts'
import type { Finding } from './culprit-stand.ts'
import type { PatchHunk } from './patch-hunks.ts'

/** More boards are counted, not named. */
const mostBoards = 20

/** A commit as people name it. */
export function commitName({ hash, subject }: Pick<Commit, 'hash' | 'subject'>): string {
  return `${hash.slice(0, 12)} ("${subject}")`
}

export function boardList(boards: readonly string[]): string {
  const rest = boards.length - mostBoards
  const named = boards.slice(0, mostBoards).join(', ')
  return rest > 0 ? `${named} and ${rest} more` : named
}

/** How a search stands, in one sentence. */
export function headline({
  phase,
  rule,
  verdicts,
  problem,
}: Pick<BisectState, 'phase' | 'rule' | 'verdicts' | 'problem'>): string {
  if (phase === 'searching') return `Looking for the first commit at which ${rule}`
  if (phase === 'confirming') return 'Building again what was found'
  if (phase === 'broken off') return `Broken off: the first commit at which ${rule}`
  const culprits = verdicts.filter(({ kind }) => kind === 'culprit').length
  if (culprits > 1) return `${culprits} commits did it`
  if (culprits === 1) return verdicts.length > 1 ? 'One commit was found' : 'The commit was found'
  return problem === '' ? 'No commit was found' : `No commit was found: ${problem}`
}

/** What a search came to, in a line of the history. */
export function foundText({
  verdicts,
  problem,
}: Pick<BisectState, 'verdicts' | 'problem'>): string {
  const found = verdicts.flatMap((verdict) => (verdict.kind === 'culprit' ? [verdict.commit] : []))
  const [first] = found
  const what =
    first && (found.length > 1 ? `found ${found.length} commits` : `found ${commitName(first)}`)
  if (problem !== '') return what ? `${what}, ${problem}` : problem
  return what ?? 'found no commit'
}

/** The verdict in lines, the first of which says the most. */
export function verdictLines(
  verdict: BisectVerdict,
  { rule }: Pick<BisectState, 'rule'>,
): string[] {
  const boards = boardList(verdict.boards)
  switch (verdict.kind) {
    case 'culprit': {
      const { commit, date, proof, problem, hunks } = verdict
      return [
        `${commitName(commit)} is the first commit at which ${rule}: ${boards}`,
        `  author: ${commit.author}`,
        `  date: ${date}`,
        `  ${proof}`,
        ...(problem === '' ? [] : [`  ${problem}`]),
        ...hunkLines(hunks).map((line) => `    ${line}`),
      ]
    }
    case 'one of':
      return [
        `It is one of these ${verdict.commits.length} commits, which can't be told apart: ${boards}`,
        ...verdict.commits.map((commit) => `  ${commitName(commit)}`),
      ]
    case 'flaky': {
      const { commit, bad, built } = verdict
      return [`${boards} is flaky: bad ${bad} of ${built} times at ${commitName(commit)}`]
    }
    case 'good at the end':
      return [`Nothing is wrong at the last commit: ${boards}`]
    case 'bad at the start':
      return [`It was so at the first commit already: ${boards}`]
    case 'end unknown':
      return [`The last commit can't be told: ${boards}`]
  }
}

function hunkLines(hunks: readonly PatchHunk[]): string[] {
  return hunks.flatMap(({ file, lines }) => [file, ...lines])
}

/** To be pasted into a mail that answers the commit. */
export function replyText(
  verdict: Extract<BisectVerdict, { kind: 'culprit' }>,
  { rule }: Pick<BisectState, 'rule'>,
): string {
  const { commit, boards, proof, problem, hunks } = verdict
  const count = boards.length === 1 ? 'one board' : `${boards.length} boards`
  return [
    `Since commit ${commitName(commit)} ${rule}, on ${count}: ${boardList(boards)}.`,
    ...(problem === '' ? [] : ['', problem]),
    '',
    `Its parents are well. ${sentence(proof)}.`,
    ...(hunks.length === 0 ? [] : ['', 'Nearest change:', '', ...hunkLines(hunks)]),
    '',
  ].join('\n')
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

/** What was found of a board, in the form that `git bisect log` prints and `git bisect replay` reads. */
export function gitBisectLog(
  commits: readonly Commit[],
  findings: ReadonlyMap<number, Finding>,
): string {
  const last = commits.length - 1
  const others = [...findings].filter(([upto]) => upto !== 0 && upto !== last)
  // The ends first, as git asks for them; the first stands for good even where it was not tested.
  const told: (readonly [number, Finding])[] = [[last, 'bad'], [0, 'good'], ...others]
  const lines = told.flatMap(([upto, finding]) => {
    const commit = commits[upto]
    return commit
      ? [`# ${finding}: [${commit.hash}] ${commit.subject}`, `git bisect ${finding} ${commit.hash}`]
      : []
  })
  return `${['git bisect start', ...lines].join('\n')}\n`
}
