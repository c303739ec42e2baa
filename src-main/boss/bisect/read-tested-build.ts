/** What the rules of a search look at, from the folder of a build. */
import { spawn } from 'node:child_process'
import { type BadRule, needsOutputs, type TestedBuild } from '../../../src-core/bisect/bad-rule.ts'
import type { BisectTest } from '../../../src-core/bisect/bisect-state.ts'
import { formatDiagnostic } from '../../../src-core/diagnostics/diagnostics.ts'
import type { Values } from '../../../src-core/summary/facts.ts'
import { hasOutputs } from '../../results/has-outputs.ts'
import { filesIn } from '../../results/kept-results.ts'
import { readFacts } from '../../results/read-facts.ts'
import { readRecord, readText } from '../../results/read-record.ts'
import { failureWords, normalisedLine } from '../scheduling/proof/failure-words.ts'

/** A build and where it was done. */
export type FoundBuild = TestedBuild & {
  readonly machine: string
  readonly seconds: number
  /** Empty where another tool built it. */
  readonly runId: string
  /** The first error or warning, as its tool says it; empty without one. */
  readonly problem: string
  /** The file that it names; empty where it names none. */
  readonly file: string
}

/** Of a build that nobody did. */
export const notBuilt: FoundBuild = {
  ...{ outcome: 'not built', stderr: '', errors: [], warnings: [], bytes: null, config: {} },
  ...{ images: {}, status: null, machine: '', seconds: 0, runId: '', problem: '', file: '' },
}

/** What changes from one build to the next although the code is the same has no place in an image. */
const imageFile = /(?:^|\/)[^/]*\.(?:bin|img|itb|rom|efi)$/

export type TestWays = {
  readonly signal?: AbortSignal
  /** What a search that was broken off saw there: the person's command has not to run again for it. */
  readonly ran?: BisectTest | undefined
}

/** Null where there is no result. The person's command runs here, if the rule has one. */
export async function readTestedBuild(
  dir: string,
  board: string,
  rule: BadRule,
  { signal, ran }: TestWays = {},
): Promise<FoundBuild | null> {
  const wanted = { symbols: false, config: rule.kind === 'config', environment: false }
  const record = readRecord(dir)
  const facts = readFacts(filesIn(dir), wanted)
  if (!record || !facts) return null
  const { outcome, sizes, machine, seconds, runId } = record
  const stderr = readText(dir, 'err')
  const image = sizes.find((size) => size.image === 'u-boot')
  const worst = outcome === 'failed' ? 'error' : 'warning'
  const first = facts.diagnostics.find(({ kind }) => kind === worst)
  const warnings = facts.diagnostics.filter(({ kind }) => kind === 'warning')
  const status = async (command: string) =>
    (ran?.runId === runId ? statusAs(ran) : null) ?? (await statusOf(command, dir, signal))
  const isWhole = needsOutputs(rule) && outcome !== 'failed' && (await hasOutputs(dir, record))
  return {
    ...{ outcome, stderr, machine, seconds, runId },
    errors: outcome === 'failed' ? failureWords(stderr, [board]) : [],
    warnings: warnings.map(({ file, text }) => normalisedLine(`${file}: ${text}`, [board])),
    bytes: image ? image.text + image.data + image.bss : null,
    config: Object.assign({}, ...Object.values(facts.config).toReversed()),
    images: isWhole ? imagesIn(record.outputs) : {},
    status: isWhole && rule.kind === 'command' ? await status(rule.command) : null,
    problem: first ? formatDiagnostic(first) : '',
    file: first?.file ?? '',
  }
}

function imagesIn(outputs: readonly { path: string; sha256: string }[]): Values {
  const images = outputs.filter(({ path, sha256 }) => imageFile.test(path) && sha256 !== '')
  return Object.fromEntries(images.map(({ path, sha256 }) => [path, sha256]))
}

/** The exit status that would be judged so; null where nothing was. A command that could not tell is asked again. */
function statusAs({ finding, from }: BisectTest): number | null {
  if (from === 'a person' || finding === null || finding === 'skip') return null
  return finding === 'good' ? 0 : 1
}

/** Null where it could not be run, or was ended by a signal. */
function statusOf(
  command: string,
  dir: string,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', command], { cwd: dir, stdio: 'ignore', signal })
    child.on('error', () => resolve(null))
    child.on('close', (code) => resolve(code))
  })
}
