import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildLog, BuildReport } from '../../src-preload/contract.ts'
import { parseDiagnostics } from '../../src-preload/diagnostics.ts'
import { type Commit, outcomes } from '../../src-preload/model.ts'
import { fail, ok, type Result } from '../../src-preload/result.ts'
import type { RunState } from '../../src-preload/run-state.ts'
import type { BuildRef } from '../../src-preload/schemas.ts'
import { boardFolder } from '../results/output-layout.ts'
import { readText } from '../results/stored-build.ts'
import type { Desk } from './desk.ts'
import { openInEditor } from './editor.ts'
import { reproduceCommand } from './reproduce.ts'
import type { Handlers } from './request-router.ts'

type BuildRequest = 'build:detail' | 'build:log' | 'editor:open'

/** Answers about single builds. */
export function buildHandlers(desk: Desk, editorCommand: () => string): Handlers<BuildRequest> {
  return {
    'build:detail': async (ref) => {
      const place = await placeOf(desk, ref)
      return place.ok ? ok(await describeBuild(place.value, ref, desk)) : place
    },
    'build:log': async (ref) => {
      const place = await placeOf(desk, ref)
      return place.ok ? ok(readLog(place.value.folder)) : place
    },
    'editor:open': (place) => openInEditor(editorCommand(), place),
  }
}

/** A build, where its results lie, and the run that it belongs to. */
type Place = { readonly run: RunState; readonly commit: Commit; readonly folder: string }

/** Exported for terminals, which open in a build's folder. */
export async function placeOf(desk: Desk, ref: BuildRef): Promise<Result<Place>> {
  const opened = await desk.open(ref.runId)
  if (!opened.ok) return opened
  const run = opened.value
  const commit = run.commits[ref.upto]
  if (!commit || !run.boardIndex.has(ref.board)) {
    return fail(`The run has no build of ${ref.board} at commit ${ref.upto + 1}`)
  }
  return ok({ run, commit, folder: boardFolder(run.outputDir, commit, ref.board) })
}

/** What make said, then what it complained about: errors are at the end, where one looks first. */
function readLog(folder: string): BuildLog {
  const output = readText(folder, 'log').replaceAll('\r\n', '\n')
  const complaints = readText(folder, 'err')
  const text = output === '' || output.endsWith('\n') ? output : `${output}\n`
  const linesBefore = text === '' ? 0 : text.split('\n').length - 1
  const { list } = parseDiagnostics(complaints)
  return {
    text: text + complaints,
    truncated: /\[\.\.\. \d+ bytes left out \.\.\.\]/.test(text + complaints),
    diagnostics: list.map(({ file, line, column, kind, text: message, logLine }) => ({
      file,
      line,
      column,
      kind,
      text: message,
      logLine: logLine + linesBefore,
    })),
  }
}

async function describeBuild(place: Place, ref: BuildRef, desk: Desk): Promise<BuildReport> {
  const { run, commit, folder } = place
  const cell = (run.boardIndex.get(ref.board) ?? 0) * run.commits.length + ref.upto
  return {
    reproduce: reproduceCommand({
      treeDir: run.request?.treeDir ?? '',
      commit,
      outCmd: readText(folder, 'out-cmd'),
      toolchain: readText(folder, 'toolchain'),
    }),
    outputDir: folder,
    artifacts: await listArtifacts(folder),
    sizes: run.details.get(cell)?.sizes ?? [],
    earlier: await earlierBuilds(desk, ref, run),
    toolchain: /^gcc (.+)$/m.exec(readText(folder, 'toolchain'))?.[1] ?? '',
  }
}

/** Images that were kept; the files that every build leaves are not worth a list. */
async function listArtifacts(folder: string): Promise<BuildReport['artifacts']> {
  const entries = await readdir(folder, { recursive: true }).catch(() => [])
  const images = entries.filter((name) =>
    /(^|\/)(u-boot(\.(bin|img|itb|dtb|rom|elf))?|[^/]*\.(bin|rom|itb|img|map)|MLO|SPL)$/.test(name),
  )
  const sized = await Promise.all(
    images.map(async (name) => ({
      name,
      bytes: (await stat(join(folder, name)).catch(() => null))?.size ?? 0,
    })),
  )
  return sized.sort((a, b) => a.name.localeCompare(b.name))
}

/** Runs are read newest first, and no more of them than a person would look at. */
const runsLookedAt = 12

async function earlierBuilds(
  desk: Desk,
  ref: BuildRef,
  run: RunState,
): Promise<BuildReport['earlier']> {
  const entries = (await desk.boss().index.list()).filter(
    ({ runId, treeDir }) => runId !== ref.runId && treeDir === run.request?.treeDir,
  )
  const found: BuildReport['earlier'] = []
  for (const entry of entries.slice(0, runsLookedAt)) {
    const opened = await desk.open(entry.runId)
    if (!opened.ok) continue
    const other = opened.value
    const row = other.boardIndex.get(ref.board)
    if (row === undefined) continue
    const cell = row * other.commits.length + Math.min(ref.upto, other.commits.length - 1)
    const seconds = other.cells.seconds[cell] ?? 0
    const machine = other.machines[(other.cells.machine[cell] ?? 0) - 1]
    if (seconds <= 0 || !machine) continue
    const outcome = outcomes[(other.cells.state[cell] ?? 0) - 3] ?? ''
    found.push({
      runId: entry.runId,
      at: entry.startedAt,
      seconds,
      machine: machine.name,
      outcome,
    })
  }
  return found
}
