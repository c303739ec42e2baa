/**
 * Builds in a folder that may hold something already, so that it comes out as it would from scratch, in
 * less time.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CrossCompiler } from '../tools/toolchain.ts'
import { buildCommit, type CommitBuild, type Made } from './build-commit.ts'
import {
  canGoOn,
  emptyFolder,
  fingerprintOf,
  readStamp,
  removeStamp,
  type Stamp,
  writeStamp,
} from './build-folder.ts'
import type { BuildTry } from './build-rules.ts'
import { removeStaleOutputs } from './collect.ts'
import { hidesWarnings } from './hidden-warnings.ts'
import * as plan from './make-plan.ts'

export type FolderBuild = {
  readonly build: CommitBuild
  readonly board: string
  readonly toolchain: CrossCompiler
  readonly buildTry: BuildTry
  /** Buildman's current source: tried twice. */
  readonly again: boolean
  /** The board's first commit in this folder; later ones go on from there, as buildman does. */
  readonly first: boolean
  /** Compiling from scratch costs little, so that nothing of another board need be used. */
  readonly ccache: boolean
}

export async function buildInFolder(folder: FolderBuild): Promise<Made> {
  const { build, board, toolchain, again } = folder
  const { place, request, adjustments, settings } = build
  const commands = [plan.configure(request).shown, plan.build(request, false).shown]
  const wishes = adjustments.map((wish) => JSON.stringify(wish))
  const fingerprint = fingerprintOf([...commands, ...wishes], toolchain)
  const stamp = await readStamp(place.outDir)
  await removeStamp(place.outDir)
  const goesOn = canGoOn(stamp, board, fingerprint) && !settings.mrproper ? stamp : null

  await clearTheWay(folder, goesOn)
  const tried = await buildCommit(build, folder.buildTry, again)
  const made = isInDoubt(folder, goesOn, tried) ? await buildFromScratch(folder, tried) : tried
  if (made.returnCode === 0 && made.truncated.length === 0) {
    // Without it the next build here begins from scratch: no reason to lose this one.
    await writeStamp(place.outDir, { board, fingerprint, stderr: made.stderr }).catch(() =>
      removeStamp(place.outDir),
    )
  }
  return made
}

/** Removes what must not be taken for this build's. */
async function clearTheWay(folder: FolderBuild, goesOn: Stamp | null): Promise<void> {
  const { build, first, ccache } = folder
  const { outDir } = build.place
  if (goesOn !== null) {
    await Promise.all(goesOn.filesToRemake.map((file) => rm(join(outDir, file), { force: true })))
  } else if (first && ccache && !build.settings.mrproper) {
    await emptyFolder(build.children, outDir, build.env, build.slot)
  } else if (first) {
    await removeStaleOutputs(outDir)
  }
}

/** Whether an incremental build may be other than one from scratch: see hidden-warnings.ts. */
function isInDoubt({ build, first }: FolderBuild, goesOn: Stamp | null, made: Made): boolean {
  if (goesOn === null || made.stopped !== null || build.settings.quick) return false
  return made.returnCode === 0 ? hidesWarnings(goesOn.comparableLines, made.stderr) : first
}

async function buildFromScratch({ build, buildTry }: FolderBuild, tried: Made): Promise<Made> {
  await emptyFolder(build.children, build.place.outDir, build.env, build.slot)
  const made = await buildCommit(build, { ...buildTry, configure: true }, false)
  return { ...made, commands: [...tried.commands, ...made.commands] }
}
