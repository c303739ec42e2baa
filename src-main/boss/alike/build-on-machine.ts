/** Builds boards on one machine, to be compared with what others make of them. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type BuildTools, parseBuildTools } from '../../../src-core/alike/build-tools.ts'
import { type BuiltFile, imagesOf, parseDigests } from '../../../src-core/alike/built-files.ts'
import type { BuildSettings } from '../../../src-core/build-options/build-settings.ts'
import { type Commit, LOCAL, type Outcome, type RunRequest } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import { boardFolder, resultPlace } from '../../results/output-layout.ts'
import { readText } from '../../results/read-record.ts'
import type { Boss } from '../boss.ts'
import type { Run } from '../driving/run-under-way.ts'
import type { RunVariant } from '../prepared-run.ts'
import type { ListedBoards } from '../preparing/prepare-run.ts'

/** What a machine made of a board. */
export type MadeBuild = {
  readonly machine: string
  readonly board: string
  readonly outcome: Outcome
  /** Why it failed or was not built; else empty. */
  readonly reason: string
  readonly files: readonly BuiltFile[]
  /** SHA-256 of what its images are; empty where it made none. */
  readonly images: string
  /** Null where its worker noted none. */
  readonly tools: BuildTools | null
}

/** What is other than usual in a build that shall prove something. */
export type MachineChange = {
  readonly variant?: Pick<RunVariant, 'compilersOf' | 'makeWords'>
  readonly settings?: Partial<BuildSettings>
}

export type MachineRequest = {
  /** Of one commit, or of several of which the newest is meant. */
  readonly request: RunRequest
  readonly listed: ListedBoards
  readonly machine: string
  /** Where the results go. */
  readonly folder: string
  readonly change: MachineChange
  readonly signal: AbortSignal
  readonly onFinished: (board: string, outcome: Outcome, reason: string) => void
}

export type MachineBuilds = {
  readonly commit: Commit
  readonly builds: readonly MadeBuild[]
}

/** From scratch and without a compiler cache, so that it is this machine's work, and by nothing but its own tools. */
const asItself = {
  ...{ reproducible: true, digests: true, force: true, mrproper: true },
  ...{ ccache: false, keepOutputs: false, lines: false },
} as const satisfies Partial<BuildSettings>

/** Settles when all boards have their outcome there. */
export async function buildOnMachine(
  boss: Boss,
  asked: MachineRequest,
): Promise<Result<MachineBuilds>> {
  const { listed, machine, change, signal } = asked
  const request = requestFor(asked)
  const variant = { ...change.variant, oneBoardAtATime: true, unlisted: true }
  const started = await boss.start(request, { listed, signal, variant })
  if (!started.ok) return started
  const run = started.value
  const outcomes = await outcomesOf(run, asked)
  const [commit] = run.state.commits
  if (!commit) throw new Error('a run without a commit')
  const place = resultPlace(request)
  const builds = listed.boards.map(({ target: board }): MadeBuild => {
    const told = outcomes.get(board) ?? { outcome: 'not built', reason: '' }
    const isMade = told.outcome !== 'not built'
    const made = isMade ? readMade(boardFolder(place, commit, board)) : notMade
    const isLacking = isMade && told.outcome !== 'failed' && made.images === ''
    const reason = isLacking ? 'it made no image that can be compared' : told.reason
    return { machine, board, outcome: told.outcome, reason, ...made }
  })
  return ok({ commit, builds })
}

type ToldOutcome = Pick<MadeBuild, 'outcome' | 'reason'>

/** By board, when the run is over. */
async function outcomesOf(
  run: Run,
  { signal, onFinished }: MachineRequest,
): Promise<ReadonlyMap<string, ToldOutcome>> {
  const outcomes = new Map<string, ToldOutcome>()
  run.onEvent((event) => {
    if (event.type !== 'build-finished') return
    const { board, outcome, firstErrors } = event
    const reason = event.reason || (firstErrors[0] ?? '')
    outcomes.set(board, { outcome, reason })
    onFinished(board, outcome, reason)
  })
  const stop = () => void run.act({ kind: 'cancel' })
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  await run.finished
  signal.removeEventListener('abort', stop)
  return outcomes
}

const notMade: Pick<MadeBuild, 'files' | 'images' | 'tools'> = {
  files: [],
  images: '',
  tools: null,
}

function readMade(dir: string): Pick<MadeBuild, 'files' | 'images' | 'tools'> {
  const files = parseDigests(readText(dir, 'digests'))
  const images = imagesOf(files)
  return {
    files,
    images: images === '' ? '' : createHash('sha256').update(images).digest('hex'),
    tools: parseBuildTools(readText(dir, 'tools'), readText(dir, 'out-env')),
  }
}

function requestFor({ request, listed, machine, folder, change }: MachineRequest): RunRequest {
  const isHere = machine === LOCAL
  const { commits } = request
  return {
    ...request,
    outputDir: join(folder, encodeURIComponent(machine)),
    layout: 'subfolders',
    boards: listed.boards.map(({ target }) => target),
    commits: commits.kind === 'current' ? commits : { ...commits, count: 1 },
    distribute: !isHere,
    useMachines: isHere ? [] : [machine],
    providers: [],
    noLocal: !isHere,
    settings: { ...request.settings, ...asItself, ...change.settings },
  }
}
