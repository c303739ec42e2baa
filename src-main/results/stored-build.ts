/**
 * Reads a board's folder, ours or one that buildman wrote. Synchronous: the files are tiny and there
 * are many, and a promise for each costs ten times what the reading does.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { outcomes } from '../../src-core/model.ts'
import {
  OWN_FILE,
  type OwnFacts,
  outcomeOf,
  parseDone,
  type Verdict,
  verdictOf,
} from './board-files.ts'

export type StoredBuild = Verdict & {
  readonly returnCode: number
  /** Empty where it is not known: buildman's local builds do not say. */
  readonly machine: string
  /** Null for what buildman built. */
  readonly own: OwnFacts | null
}

/** More of a file is not read. */
const MOST_BYTES = 4 * 1024 * 1024

const imageSize = z.object({
  image: z.string(),
  text: z.number(),
  data: z.number(),
  bss: z.number(),
  rodata: z.number(),
})
const ownSchema = z.object({
  runId: z.string(),
  hash: z.string(),
  settings: z.string(),
  attempt: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  finishedAt: z.number(),
  fromScratch: z.boolean(),
  reason: z.string(),
  outcome: z.enum(outcomes),
  errors: z.number(),
  warnings: z.number(),
  firstErrors: z.array(z.string()),
  sizes: z.array(imageSize),
  machine: z.string(),
})

/** The outcome in a board's folder; null where there is none (reference, "Done rule"). */
export function readStoredBuild(dir: string): StoredBuild | null {
  const returnCode = parseDone(readText(dir, 'done'))
  if (returnCode === null) return null
  return readOwn(dir, returnCode) ?? readBuildmans(dir, returnCode)
}

function readOwn(dir: string, returnCode: number): StoredBuild | null {
  const text = readText(dir, OWN_FILE)
  if (text === '' || overwritten(dir)) return null
  const parsed = ownSchema.safeParse(parseJson(text))
  if (!parsed.success) return null
  const { outcome, errors, warnings, firstErrors, sizes, machine, ...own } = parsed.data
  return { outcome, errors, warnings, firstErrors, sizes, own, returnCode, machine }
}

/** Buildman built it again later: then our file tells of an outcome that is gone. */
function overwritten(dir: string): boolean {
  const times = [OWN_FILE, 'done'].map((name) =>
    statSync(join(dir, name), { throwIfNoEntry: false }),
  )
  const [own, done] = times
  return !own || !done || done.mtimeMs > own.mtimeMs + 2000
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function readBuildmans(dir: string, done: number): StoredBuild {
  const stderr = readText(dir, 'err')
  const unbuilt = outcomeOf(done, stderr) === 'not built'
  const returnCode = unbuilt ? 10 : done
  return {
    ...verdictOf({ returnCode, stderr, sizes: readText(dir, 'sizes') }),
    returnCode,
    machine: readText(dir, 'host').trim(),
    own: null,
  }
}

/** A file of the folder, at most 4 MiB of it; empty if it is not there or no file. */
export function readText(dir: string, name: string): string {
  let file: number | undefined
  try {
    file = openSync(join(dir, name), 'r')
    const buffer = Buffer.alloc(Math.min(fstatSync(file).size, MOST_BYTES))
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0))
  } catch {
    return ''
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

export type BuildQuestion = {
  readonly force: boolean
  readonly forceFailures: boolean
  /** The current source is always built, unless a run of the same snapshot is being resumed. */
  readonly currentSource: boolean
  /** Commit, or snapshot of the current source. */
  readonly hash: string
  readonly resume: boolean
  /** Of `settingsFingerprint`. */
  readonly settings: string
}

export const buildReasons = [
  'no outcome',
  'not built before',
  'current source',
  'forced',
  'failed or warned before',
  'other settings',
] as const
export type BuildReason = (typeof buildReasons)[number]

/**
 * Why a build is to be done, or null where its outcome stands (reference, section 4, with its weak
 * points mended: `-F` takes failures without stderr too, a result of other settings does not count,
 * and a board that had no compiler gets another chance).
 */
export function whyBuild(stored: StoredBuild | null, question: BuildQuestion): BuildReason | null {
  if (!stored) return 'no outcome'
  if (question.force) return 'forced'
  if (stored.outcome === 'not built') return 'not built before'
  const same = stored.own !== null && stored.own.hash === question.hash
  if (question.currentSource && !(question.resume && same)) return 'current source'
  if (question.forceFailures && stored.outcome !== 'ok') return 'failed or warned before'
  if (stored.own && stored.own.settings !== question.settings) return 'other settings'
  return null
}
