/** Makes the one file of a run that can be sent to somebody: `src-core/sending/run-file.ts`. */
import { homedir, hostname, userInfo } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import packageJson from '../../package.json' with { type: 'json' }
import type { BuildRecord } from '../../src-core/build/build-record.ts'
import type { Commit, Outcome } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { runEvent } from '../../src-core/run/event-schema.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import { hideNames, type NamesToHide } from '../../src-core/sending/hide-names.ts'
import {
  mostChanges,
  type RunFileBuild,
  type RunFileChanges,
  type RunFileHead,
  type RunFileLine,
  runFileVersion,
} from '../../src-core/sending/run-file.ts'
import { TextRoom } from '../../src-core/sending/text-room.ts'
import { messageOf } from '../error-text.ts'
import { brokenOff, replayRunLog, runLogPath } from '../results/run-log.ts'
import type { KnownResults } from './summarise-run.ts'
import { writeReport } from './write-report.ts'

export type RunFileOptions = {
  readonly file: string
  /** What is to be left out; null where nothing is. */
  readonly hide: NamesToHide | null
}

/** Writes the file of a run that is over. The value is its size in bytes. */
export async function saveRunFile(
  run: RunState,
  results: KnownResults,
  { file, hide }: RunFileOptions,
): Promise<Result<number>> {
  if (run.finishedAt === 0) return fail('That run goes on', 'It can be saved once it has ended')
  try {
    const events = await readEvents(run)
    if (!events) return fail('The log of that run is too old, or too damaged, to be saved')
    const head: RunFileHead = {
      type: 'slipway-run',
      version: runFileVersion,
      slipway: packageJson.version,
      savedAt: Date.now(),
      namesHidden: hide !== null,
    }
    const line = hide ? hideNames(hide).line : <L extends RunFileLine>(one: L) => one
    const packed = await pack(linesOf(run, results, { head, events }, line))
    const written = await writeReport(file, packed)
    return written.ok ? ok(packed.length) : written
  } catch (error) {
    return fail(`The run could not be saved: ${messageOf(error)}`)
  }
}

/** What a person may not want to send of this run. `hosts`: as the settings name its machines. */
export function namesOfRun(run: RunState, hosts: readonly string[]): NamesToHide {
  const { machines, providers, request, outputDir } = run
  const { username } = userInfo()
  return {
    machines: unique([...machines.map(({ name }) => name), ...(request?.useMachines ?? [])]),
    providers: unique([...providers, ...(request?.providers ?? [])].map(({ name }) => name)),
    hosts: unique([
      hostname(),
      ...hosts.map((host) => host.slice(host.lastIndexOf('@') + 1)).filter(Boolean),
    ]),
    users: unique([
      username,
      ...hosts.flatMap((host) => (host.includes('@') ? host.slice(0, host.lastIndexOf('@')) : [])),
    ]),
    treeDir: request?.treeDir ?? '',
    outputDir,
    folders: unique([homedir(), ...machines.map(({ workDir }) => workDir)]),
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** Those of the log, whole: with an end where its boss died. Null where it has no beginning. */
async function readEvents(run: RunState): Promise<readonly RunEvent[] | null> {
  const events: RunEvent[] = []
  await replayRunLog(runLogPath(run.outputDir, run.runId), (event) => {
    const known = runEvent.safeParse(event)
    if (known.success) events.push(known.data)
  })
  if (events[0]?.type !== 'run-started') return null
  const isWhole = events.some(({ type }) => type === 'run-finished')
  return isWhole ? events : [...events, brokenOff(run)]
}

type FileParts = { readonly head: RunFileHead; readonly events: readonly RunEvent[] }

async function* linesOf(
  run: RunState,
  results: KnownResults,
  { head, events }: FileParts,
  hidden: <L extends RunFileLine>(line: L) => L,
): AsyncGenerator<string> {
  const text = (line: RunFileLine) => `${JSON.stringify(hidden(line))}\n`
  yield text(head)
  for (const event of events) yield text(event)
  for await (const changes of changesOf(run, results)) yield text(changes)
  let builds = 0
  for await (const build of buildsOf(run, results)) {
    builds += 1
    yield text(build)
  }
  yield text({ type: 'end', events: events.length, builds })
}

async function* changesOf(
  { commits }: RunState,
  { changedFiles }: KnownResults,
): AsyncGenerator<RunFileChanges> {
  for (const [index, commit] of commits.entries()) {
    const before = commits[index - 1]
    const files = before ? await changedFiles(before, commit) : null
    if (files && files.length <= mostChanges) {
      yield {
        type: 'changes',
        upto: commit.upto,
        files: files.filter((file) => file.length <= 4096),
      }
    }
  }
}

/** Builds that are read before others get their turn. */
const atOnce = 20

/** Where there is not room for every log, it goes to the first of these. */
const inOrder: readonly Outcome[] = ['failed', 'warnings', 'ok', 'not built']

async function* buildsOf(run: RunState, { kept }: KnownResults): AsyncGenerator<RunFileBuild> {
  const builds: { board: string; commit: Commit; record: BuildRecord }[] = []
  for (const { target: board } of run.boards) {
    for (const commit of run.commits) {
      if (builds.length % atOnce === 0) await nextTurn()
      const record = kept.files(commit, board).record()
      if (record) builds.push({ board, commit, record })
    }
  }
  const problems = builds.filter(({ record: { outcome } }) => inOrder.indexOf(outcome) < 2)
  const room = new TextRoom(problems.length)
  for (const outcome of inOrder) {
    for (const { board, commit, record } of builds) {
      if (record.outcome !== outcome) continue
      const parts = room.take(record, kept.files(commit, board).text)
      yield { type: 'build', board, upto: commit.upto, ...parts }
    }
  }
}

async function pack(lines: AsyncGenerator<string>): Promise<Buffer> {
  const parts: Buffer[] = []
  await pipeline(Readable.from(lines), createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) parts.push(chunk)
  })
  return Buffer.concat(parts)
}
