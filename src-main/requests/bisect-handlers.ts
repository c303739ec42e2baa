import type { Commit, RunRequest } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { cellOf, type RunState, stateOf } from '../../src-core/run/run-state.ts'
import type { BuildRef } from '../../src-core/schemas.ts'
import type { Args, BisectProposal, NamedCommit } from '../../src-preload/contract.ts'
import { goodEnds, rangeOf } from '../boss/bisect/good-ends.ts'
import { readTestedBuild } from '../boss/bisect/read-tested-build.ts'
import { resultPlaceOf } from '../reports/summarise-run.ts'
import { boardFolder } from '../results/output-layout.ts'
import { listCommits } from '../tree/git/history/git-rev-list.ts'
import { placeOf } from './build-handlers.ts'
import type { Handlers } from './request-router.ts'
import type { WindowBoss } from './window-boss.ts'
import type { WindowSearch } from './window-search.ts'

type BisectRequestName =
  | 'bisect:propose'
  | 'bisect:start'
  | 'bisect:go-on'
  | 'bisect:open'
  | 'bisect:mark'
  | 'bisect:current'

/** Boards whose complaints are compared; a log has to be read for each. */
const mostCompared = 400

/** Answers about the search for the commit that broke boards. */
export function bisectHandlers(
  windowBoss: WindowBoss,
  search: WindowSearch,
): Handlers<BisectRequestName> {
  return {
    'bisect:propose': (build) => propose(windowBoss, build),
    'bisect:start': async (asked) => {
      const opened = await windowBoss.openOwn(asked.runId)
      if (!opened.ok) return opened
      const { request } = opened.value
      if (!request) return fail('The log of that run does not say what it was asked for')
      return search.start({ request: requestFor(request, asked), rule: asked.rule })
    },
    'bisect:go-on': ({ withMarks, ...where }) => search.goOn(where, withMarks),
    'bisect:open': ({ runId }) => search.open(runId),
    'bisect:mark': ({ upto, finding }) => search.mark(upto, finding),
    'bisect:current': () => search.current(),
  }
}

function requestFor(
  request: RunRequest,
  { boards, good, bad, distribute, useMachines, providers = [], noLocal }: Args<'bisect:start'>,
): RunRequest {
  return {
    ...request,
    boards,
    layout: 'subfolders',
    commits: { kind: 'range', range: rangeOf(good, bad), withBase: true },
    ...{ distribute, useMachines, providers, noLocal },
    settings: { ...request.settings, force: false, forceFailures: false },
  }
}

async function propose(windowBoss: WindowBoss, build: BuildRef): Promise<Result<BisectProposal>> {
  const own = await windowBoss.openOwn(build.runId)
  if (!own.ok) return own
  const place = await placeOf(windowBoss, build)
  if (!place.ok) return place
  const { run, commit } = place.value
  const treeDir = run.request?.treeDir ?? ''
  const bad = await badEnd(treeDir, commit)
  if (!bad) return fail('Its source is no commit of a repository', 'Only commits can be searched')
  const outcome = stateOf(run, cellOf(run, build.board, build.upto))
  const same = boardsAlike(run, build)
  const [goods, alike] = await Promise.all([
    goodEnds({
      entries: await windowBoss.boss().index.list(),
      treeDir,
      bad: bad.hash,
      boards: [build.board],
      withoutWarnings: outcome === 'warnings',
    }),
    complainingAlike(run, commit, build.board, same),
  ])
  const note = commit.currentSource
    ? 'The last commit stands in for the current source: changes that are not committed are left out.'
    : ''
  return ok({ bad, note, goods, alike, same })
}

/** The checked out commit stands in for the source on disk, which is none. */
async function badEnd(treeDir: string, commit: Commit): Promise<NamedCommit | null> {
  if (!commit.currentSource) return { hash: commit.hash, subject: commit.subject }
  const [head] = (await listCommits({ folder: treeDir }, ['HEAD'], 1)) ?? []
  return head ? { hash: head.hash, subject: head.subject } : null
}

/** Boards with the same outcome at the same commit. */
function boardsAlike(run: RunState, { board, upto }: BuildRef): readonly string[] {
  const stateAt = (name: string) => stateOf(run, cellOf(run, name, upto))
  const wanted = stateAt(board)
  const all = run.boards.map(({ target }) => target)
  return [board, ...all.filter((name) => name !== board && stateAt(name) === wanted)]
}

/** Those that have an error or, where they were built, a warning in common with the first one. */
async function complainingAlike(
  run: RunState,
  commit: Commit,
  board: string,
  boards: readonly string[],
): Promise<readonly string[]> {
  const complaintsOf = async (name: string) => {
    const folder = boardFolder(resultPlaceOf(run), commit, name)
    const build = await readTestedBuild(folder, name, { kind: 'fails' })
    return build?.outcome === 'failed' ? build.errors : (build?.warnings ?? [])
  }
  const own = new Set(await complaintsOf(board))
  const found = [board]
  for (const name of boards.slice(1, mostCompared)) {
    if ((await complaintsOf(name)).some((one) => own.has(one))) found.push(name)
  }
  return found
}
