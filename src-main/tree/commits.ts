/** The commits that a person chose to build, oldest first. */
import type { Commit, CommitChoice } from '../../src-core/model.ts'
import { assertNever } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { resolveRevision } from './git/git-rev-parse.ts'
import { GitError, type GitPlace } from './git/git-run.ts'
import { listBranches } from './git/history/git-for-each-ref.ts'
import { mergeBase } from './git/history/git-merge-base.ts'
import { missingObjects } from './git/history/git-missing-objects.ts'
import { type ListedCommit, listCommits } from './git/history/git-rev-list.ts'
import { currentBranch } from './git/history/git-symbolic-ref.ts'
import { openShadow, type Shadow, type ShadowOptions } from './snapshot/shadow.ts'
import { type Snapshot, snapshot } from './snapshot/snapshot-commit.ts'
import { findUpstream, type Upstream } from './upstream.ts'

export type CommitSeries = {
  /** At least one; `number` is the place in the whole series where a step leaves some out. */
  readonly commits: readonly Commit[]
  /** The repository to push from and to check out of: it has the objects of every commit here. */
  readonly gitDir: string
  /** What a person should know, in words. */
  readonly notes: readonly string[]
  /** Files that make would see in the working tree, and that the commits lack since git ignores them. */
  readonly absentFiles: readonly string[]
}

/** A series that git lists, before it is numbered. */
type Listed = { readonly commits: readonly ListedCommit[]; readonly notes: readonly string[] }

type BranchChoice = Extract<CommitChoice, { kind: 'branch' }>
type RangeChoice = Extract<CommitChoice, { kind: 'range' }>

/** Reads what the choice means in the tree now; a snapshot is made where it means the current source. */
export async function readCommits(
  treeDir: string,
  choice: CommitChoice,
  options: ShadowOptions,
): Promise<Result<CommitSeries>> {
  try {
    const shadow = await openShadow(treeDir, options)
    return await read(shadow, choice, options.signal)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return fail(`The commits of ${treeDir} cannot be read: ${error.message}`)
  }
}

async function read(
  shadow: Shadow,
  choice: CommitChoice,
  signal: AbortSignal | undefined,
): Promise<Result<CommitSeries>> {
  switch (choice.kind) {
    case 'current':
      return ok(currentSource(await snapshot(shadow, signal)))
    case 'branch':
      return /\.\./.test(choice.branch)
        ? readSeries(shadow, { ...choice, kind: 'range', range: choice.branch }, signal)
        : readSeries(shadow, choice, signal)
    case 'range':
      return readSeries(shadow, choice, signal)
    default:
      return assertNever(choice)
  }
}

function currentSource({ hash, gitDir, changed, notes }: Snapshot): CommitSeries {
  const subject =
    changed.length === 0 ? 'Current source' : `Current source with ${countFiles(changed)} changed`
  const commit = { upto: 0, hash, subject, author: '', currentSource: true }
  return { commits: [commit], gitDir, notes, absentFiles: [] }
}

async function readSeries(
  shadow: Shadow,
  choice: BranchChoice | RangeChoice,
  signal: AbortSignal | undefined,
): Promise<Result<CommitSeries>> {
  const { folder } = shadow.place
  const problem = cannotHaveSeries(shadow) ?? badNumbers(choice)
  if (problem !== null) return problem
  const place: GitPlace = { folder }
  const listed =
    choice.kind === 'branch'
      ? await readBranch(shadow, place, choice, signal)
      : await readRange(shadow, place, choice, signal)
  if (!listed.ok) return listed
  const { commits, notes } = listed.value
  const chosen = everyNth(commits, choice.step ?? 1)
  const hashes = chosen.map(({ hash }) => hash)
  const absent = await missingObjects(place, hashes, signal)
  if (absent > 0) {
    return fail(
      `${folder} is a partial clone: ${absent} files and folders of these commits are not in it.`,
      'Run `git fetch --refetch --no-filter` in it, or build the current source.',
    )
  }
  const { changed, ignored } = await snapshot(shadow, signal)
  const isHead = commits.at(-1)?.hash === shadow.head?.commit
  return ok({
    commits: chosen,
    gitDir: shadow.gitDir,
    notes: [...notes, ...leftOut(isHead ? changed : [], ignored)],
    absentFiles: ignored,
  })
}

function cannotHaveSeries({ repository, place }: Shadow): Result<never> | null {
  if (repository === null) {
    return fail(
      `${place.folder} has no git repository, so it has no commits to choose from.`,
      'Build the current source instead.',
    )
  }
  if (repository.prefix === '') return null
  return fail(
    `${place.folder} is only a part of the repository in ${repository.topLevel}, so its commits can't be built.`,
    'Build the current source instead.',
  )
}

function badNumbers({ count, step }: BranchChoice | RangeChoice): Result<never> | null {
  if (count !== undefined && !(Number.isInteger(count) && count >= 1)) {
    return fail(`A count of ${count} commits leaves nothing to build.`, 'Ask for at least one.')
  }
  if (step !== undefined && !(Number.isInteger(step) && step >= 0)) {
    return fail(
      `A step of ${step} makes no sense.`,
      '2 builds every other commit, 0 first and last.',
    )
  }
  return null
}

async function readBranch(
  shadow: Shadow,
  place: GitPlace,
  choice: BranchChoice,
  signal: AbortSignal | undefined,
): Promise<Result<Listed>> {
  const branch = choice.branch === 'HEAD' ? await currentBranch(place, signal) : choice.branch
  const tip = await resolveTip(place, branch ?? 'HEAD', signal)
  if (tip === null) return noSuchBranch(shadow, place, branch ?? 'HEAD', signal)
  if (choice.count !== undefined) return lastCommits(shadow, place, tip, choice.count, signal)
  const upstream = await findUpstream(place, branch, tip, signal)
  return upstream.kind === 'none'
    ? noUpstream(branch, upstream)
    : sinceUpstream(shadow, place, { name: branch ?? 'HEAD', tip, upstream }, signal)
}

async function resolveTip(
  place: GitPlace,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const branch = await resolveRevision(place, `refs/heads/${name}`, 'commit', signal)
  return branch ?? resolveRevision(place, name, 'commit', signal)
}

async function noSuchBranch(
  { repository }: Shadow,
  place: GitPlace,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Result<never>> {
  const names = (await listBranches(place, signal)).map((branch) => branch.name)
  const shown = names.slice(0, 8).join(', ') + (names.length > 8 ? ', ...' : '')
  const hint = names.length === 0 ? 'It has no branches at all.' : `It has: ${shown}.`
  const shallow = repository?.shallow ? ', and its clone is shallow' : ''
  return fail(`${place.folder} has no branch or commit named "${name}"${shallow}.`, hint)
}

function noUpstream(
  branch: string | null,
  upstream: Extract<Upstream, { kind: 'none' }>,
): Result<never> {
  const gone = upstream.configured && ` (${upstream.configured} is set, but does not exist)`
  const hint = 'Choose a range (base..branch), or how many commits to build'
  return branch === null
    ? fail(
        'No branch is checked out (HEAD is detached), so there is no upstream to start from.',
        `${hint}.`,
      )
    : fail(
        `The branch ${branch} has no upstream to start from${gone || ''}.`,
        `${hint}; or run \`git branch --set-upstream-to=<upstream> ${branch}\`.`,
      )
}

async function lastCommits(
  shadow: Shadow,
  place: GitPlace,
  tip: string,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Result<Listed>> {
  const commits = (await listCommits(place, [tip], count, signal)) ?? []
  const missing = commits.length < count
  const why = shadow.repository?.shallow ? 'the clone is shallow' : 'the history is no longer'
  const notes = missing
    ? [`No more than ${commits.length} of ${count} commits are there: ${why}.`]
    : []
  return ok({ commits: commits.reverse(), notes })
}

async function sinceUpstream(
  shadow: Shadow,
  place: GitPlace,
  branch: {
    readonly name: string
    readonly tip: string
    readonly upstream: Extract<Upstream, { kind: 'set' | 'guessed' }>
  },
  signal: AbortSignal | undefined,
): Promise<Result<Listed>> {
  const { name, tip, upstream } = branch
  const base = await mergeBase(place, upstream.hash, tip, signal)
  if (base === null) {
    return shadow.repository?.shallow
      ? fail(
          `The clone is shallow: it does not reach back to where ${name} left ${upstream.name}.`,
          'Run `git fetch --unshallow` in it, or choose how many commits to build.',
        )
      : fail(`${name} and ${upstream.name} have no commit in common.`, 'Choose a range instead.')
  }
  const [first] = (await listCommits(place, [base], 1, signal)) ?? []
  const rest = (await listCommits(place, [`^${base}`, tip], undefined, signal)) ?? []
  const notes: string[] = []
  if (upstream.kind === 'guessed') {
    notes.push(`${name} has no upstream; ${upstream.name}, the nearest name below it, stands in.`)
  }
  if (rest.length === 0) notes.push(`${name} has no commits that ${upstream.name} lacks.`)
  return ok({ commits: [...(first ? [first] : []), ...rest.reverse()], notes })
}

async function readRange(
  shadow: Shadow,
  place: GitPlace,
  { range, count, withBase }: RangeChoice,
  signal: AbortSignal | undefined,
): Promise<Result<Listed>> {
  if (withBase) return readWithBase(shadow, place, range, signal)
  const commits = await listCommits(place, [range], count, signal)
  if (commits === null) {
    return noSuchRange(shadow, place, range, signal)
  }
  if (commits.length === 0) {
    return fail(`There are no commits in ${range}.`, 'Are its two ends the wrong way round?')
  }
  return ok({ commits: commits.reverse(), notes: [] })
}

/** Longer histories take more memory and time than a search in them is worth. */
export const longestSearch = 10_000

async function readWithBase(
  shadow: Shadow,
  place: GitPlace,
  range: string,
  signal: AbortSignal | undefined,
): Promise<Result<Listed>> {
  const ends = range.split('..')
  const [from, to] = await Promise.all(
    ends.map((end) => resolveRevision(place, end || 'HEAD', 'commit', signal)),
  )
  if (!from || !to || ends.length !== 2) return noSuchRange(shadow, place, range, signal)
  const base = await mergeBase(place, from, to, signal)
  if (base === null) return fail(`The ends of ${range} have no commit in common.`)
  const before = (await listCommits(place, [base], 1, signal)) ?? []
  const most = longestSearch + 1
  const after = (await listCommits(place, [`^${base}`, to], most, signal, 'children first')) ?? []
  if (after.length === 0) {
    return fail(`There are no commits in ${range}.`, 'Are its two ends the wrong way round?')
  }
  if (after.length > longestSearch) {
    return fail(
      `There are over ${longestSearch} commits in ${range}.`,
      'Choose ends that are nearer to each other.',
    )
  }
  const notes =
    base === from
      ? []
      : [
          `${ends[0] || 'HEAD'} is not before ${ends[1] || 'HEAD'}: their common ancestor stands in.`,
        ]
  return ok({ commits: [...before, ...after.reverse()], notes })
}

async function noSuchRange(
  { repository }: Shadow,
  place: GitPlace,
  range: string,
  signal: AbortSignal | undefined,
): Promise<Result<never>> {
  const ends = range.split(/\.{2,3}/).filter((end) => end !== '')
  const found = await Promise.all(ends.map((end) => resolveRevision(place, end, 'commit', signal)))
  const missing = ends.filter((_, at) => found[at] === null).map((end) => `"${end}"`)
  const lacks = missing.length > 0 ? ` It has no ${missing.join(' and no ')}.` : ''
  return repository?.shallow
    ? fail(
        `"${range}" names nothing in ${place.folder}, whose clone is shallow: it has the last commits of some branches.${lacks}`,
        "Run `git remote set-branches origin '*'` and `git fetch --unshallow` in it, or choose how many commits to build.",
      )
    : fail(
        `"${range}" names nothing in ${place.folder}.${lacks}`,
        'A range is two branches, tags or commits with two dots between them: main..feature.',
      )
}

/** Every nth commit from the first one; 0 means the first and the last. */
function everyNth(listed: readonly ListedCommit[], step: number): Commit[] {
  const last = listed.length - 1
  return listed
    .map((commit, at) => ({ commit, number: at + 1 }))
    .filter((_, at) => (step === 0 ? at === 0 || at === last : at % step === 0))
    .map(({ commit, number }, upto) => ({ upto, number, ...commit, currentSource: false }))
}

/** What is no part of a series, although whoever builds the checked out branch may think so. */
function leftOut(changed: readonly string[], ignored: readonly string[]): string[] {
  const notes: string[] = []
  if (changed.length > 0) {
    notes.push(`Uncommitted changes (${countFiles(changed)}) are not part of these commits.`)
  }
  if (ignored.length > 0) {
    const first = ignored.slice(0, 4).join(', ')
    const more = ignored.length > 4 ? ` and ${ignored.length - 4} more` : ''
    notes.push(
      `Not part of these commits, since git ignores them, but in the working tree: ${first}${more}.`,
    )
  }
  return notes
}

function countFiles(files: readonly string[]): string {
  return files.length === 1 ? '1 file' : `${files.length} files`
}
