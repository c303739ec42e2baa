import { readdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { TakenBlob } from '../../src-core/blobs/board-blobs.ts'
import type { KeptOutput } from '../../src-core/build/build-record.ts'
import { parseDiagnostics } from '../../src-core/diagnostics/diagnostics.ts'
import type { Board, Commit } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { cellOf, type RunState } from '../../src-core/run/run-state.ts'
import type { BuildRef } from '../../src-core/schemas.ts'
import type { BuildReport, Diagnosis, HistoryEntry, LogReport } from '../../src-preload/contract.ts'
import { makeFlagsFor } from '../buildman-config/make-flags.ts'
import { type KnownResults, resultPlaceOf } from '../reports/summarise-run.ts'
import { type Attribution, attributeFaults } from '../results/attribute.ts'
import type { BuildFiles } from '../results/kept-results.ts'
import { boardFolder } from '../results/output-layout.ts'
import { pastBuilds } from '../results/past-builds.ts'
import { parseToolchainText } from '../results/toolchain-text.ts'
import { openInEditor } from './editor.ts'
import { gapsOf } from './log-gaps.ts'
import { reproduceCommand } from './reproduce.ts'
import type { Handlers } from './request-router.ts'
import type { WindowBoss } from './window-boss.ts'

type BuildRequest = 'build:detail' | 'build:log' | 'editor:open'

/** Answers about single builds. */
export function buildHandlers(
  windowBoss: WindowBoss,
  editorCommand: () => string,
): Handlers<BuildRequest> {
  return {
    'build:detail': async (ref) => {
      const place = await placeOf(windowBoss, ref)
      return place.ok ? ok(await describeBuild(place.value, ref, windowBoss)) : place
    },
    'build:log': async (ref) => {
      const place = await placeOf(windowBoss, ref)
      return place.ok ? ok(await readLog(place.value)) : place
    },
    'editor:open': (place) => openInEditor(editorCommand(), place),
  }
}

/** A build, what is kept of it, and the run that it belongs to. */
type Place = {
  readonly run: RunState
  readonly board: Board
  readonly commit: Commit
  /** Where that lies; empty for a run that came as a file. */
  readonly folder: string
  readonly files: BuildFiles
  readonly results: KnownResults
}

/** Exported for what opens in a build's folder. */
export async function placeOf(windowBoss: WindowBoss, ref: BuildRef): Promise<Result<Place>> {
  const opened = await windowBoss.open(ref.runId)
  if (!opened.ok) return opened
  const run = opened.value
  const commit = run.commits[ref.upto]
  const board = run.boards[run.boardIndex.get(ref.board) ?? -1]
  if (!commit || !board) {
    return fail(`The run has no build of ${ref.board} at commit ${ref.upto + 1}`)
  }
  const results = await windowBoss.resultsOf(run)
  const folder =
    windowBoss.sentAs(run) === '' ? boardFolder(resultPlaceOf(run), commit, ref.board) : ''
  return ok({ run, board, commit, folder, files: results.kept.files(commit, ref.board), results })
}

/** What make said, then what it complained about: errors are at the end, where one looks first. */
async function readLog(place: Place): Promise<LogReport> {
  const { files } = place
  const log = files.text('log')
  const output = log.replaceAll('\r\n', '\n')
  const complaints = files.text('err')
  const text = output === '' || output.endsWith('\n') ? output : `${output}\n`
  const linesBefore = text.split('\n').length - 1
  const { list } = parseDiagnostics(complaints)
  const originOf = list.length > 0 ? await attribution(place) : () => null
  return {
    text: text + complaints,
    gaps: gapsOf(files, files.record(), [
      { stream: 'stdout', file: 'log', text: log, linesBefore: 0 },
      { stream: 'stderr', file: 'err', text: complaints, linesBefore },
    ]),
    diagnostics: list.map((found): Diagnosis => {
      const { file, line, column, kind, text: message } = found
      const since = originOf(found)
      return {
        ...{ file, line, column, kind, text: message },
        logLine: found.logLine + linesBefore,
        ...(since && { since: { upto: since.upto, hash: since.hash, subject: since.subject } }),
      }
    }),
  }
}

/** Which commit of a series brought a fault. */
async function attribution({ run, board, commit, results }: Place): Promise<Attribution> {
  if (run.commits.length < 2) return () => null
  const source = { ...results, commits: run.commits }
  return attributeFaults(source, board, commit.upto)
}

async function describeBuild(
  place: Place,
  ref: BuildRef,
  windowBoss: WindowBoss,
): Promise<BuildReport> {
  const { run, commit, folder, files } = place
  const toolchain = files.text('toolchain')
  const wasMade = files.text('out-cmd') !== ''
  const { blobs = [], outputs = [] } = files.record() ?? {}
  return {
    reproduce: wasMade ? howToReproduce(place, { toolchain, blobs }, windowBoss) : '',
    blobs: [...blobs],
    outputDir: folder,
    artifacts: await listArtifacts(folder, outputs),
    sizes: run.details.get(cellOf(run, ref.board, ref.upto))?.sizes ?? [],
    others: await pastBuilds(await otherRuns(windowBoss, run), ref.board, commit.hash),
    toolchain: parseToolchainText(toolchain).gcc,
  }
}

function howToReproduce(
  { run: { request }, board, commit, folder }: Place,
  found: { readonly toolchain: string; readonly blobs: readonly TakenBlob[] },
  windowBoss: WindowBoss,
): string {
  if (!request) return ''
  // Who built a run that came as a file had settings of their own.
  const config = folder === '' ? null : windowBoss.boss().fleet.configIfRead()
  return reproduceCommand({
    treeDir: request.treeDir,
    commit,
    board,
    settings: request.settings,
    makeFlags: config ? makeFlagsFor(config, board.target) : [],
    wrapper: config?.toolchainWrapper ?? '',
    ...found,
    threads: availableParallelism(),
  })
}

/** Images that were kept, as the record says, and what lies there without one; not what every build leaves. */
async function listArtifacts(
  folder: string,
  outputs: readonly KeptOutput[],
): Promise<BuildReport['artifacts']> {
  const sizes = new Map(outputs.map(({ path, size }) => [path, size]))
  const hashes = new Map(outputs.map(({ path, sha256 }) => [path, sha256]))
  const entries = folder === '' ? [] : await readdir(folder, { recursive: true }).catch(() => [])
  const found = entries.filter((name) =>
    /(^|\/)(u-boot(\.(bin|img|itb|dtb|rom|elf))?|[^/]*\.(bin|rom|itb|img|map)|MLO|SPL)$/.test(name),
  )
  const images = new Set([...hashes.keys(), ...found])
  images.delete('include/autoconf.mk')
  const sized = await Promise.all(
    [...images].map(async (name) => ({
      name,
      bytes: folder === '' ? (sizes.get(name) ?? 0) : await sizeOf(join(folder, name)),
      sha256: hashes.get(name) ?? '',
    })),
  )
  return sized.sort((a, b) => a.name.localeCompare(b.name))
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}

/** The tree's other runs, newest first. Of one that came as a file nobody here has any. */
export async function otherRuns(
  windowBoss: WindowBoss,
  run: RunState,
): Promise<readonly HistoryEntry[]> {
  if (windowBoss.sentAs(run) !== '') return []
  return (await windowBoss.boss().index.list()).filter(
    ({ runId, treeDir }) => runId !== run.runId && treeDir === run.request?.treeDir,
  )
}
