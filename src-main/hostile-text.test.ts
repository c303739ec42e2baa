/**
 * Every parser of what others write, fed with a megabyte of each nasty shape: none may need more than a
 * linear time for it. The bound is CPU time, so that a busy machine does not matter.
 */
import { describe, expect, test } from 'vitest'
import { linesOf } from '../src-core/basics/lines.ts'
import { parseSelection } from '../src-core/boards/selection.ts'
import { parseCommitFolder } from '../src-core/build/folder-names.ts'
import { verdictOf } from '../src-core/build/verdict.ts'
import { withoutWarnings } from '../src-core/diagnostics/hidden-warnings.ts'
import { diagnosticsOf } from '../src-core/summary/facts.ts'
import { checkAdjustments, parseAdjustment } from '../src-worker/building/adjust-config.ts'
import { failureReason, kconfigLoop } from '../src-worker/building/build-rules.ts'
import { sizeLine } from '../src-worker/building/collect.ts'
import { placeInImage } from '../src-worker/building/default-environment.ts'
import {
  comparableLines,
  filesToRemake,
  hidesWarnings,
} from '../src-worker/building/hidden-warnings.ts'
import { parsePs, parseStat } from '../src-worker/processes/processes.ts'
import { createLineDecoder, decodeLine, WORKER_PREFIX } from '../src-worker/protocol/json-lines.ts'
import { parseBossMessage, parseWorkerMessage } from '../src-worker/protocol/protocol.ts'
import { parseStatsLog } from '../src-worker/tools/ccache.ts'
import { describeEnvironment } from '../src-worker/tools/environment.ts'
import { failureWords } from './boss/scheduling/proof/failure-words.ts'
import { parseKillReply } from './boss/stale-workers/stale-workers.ts'
import { parseBuildmanConfig } from './buildman-config/read-config.ts'
import { parseProbe, parseWorkers } from './machines/probe/parse-probe.ts'
import { parseAdvertisement } from './machines/source/receive-pack.ts'
import { parseKeywordLines } from './machines/ssh-config/ssh-config.ts'
import { parseConfigLine } from './machines/ssh-config/ssh-config-lines.ts'
import { parseKnownHosts } from './machines/ssh-login/known-hosts.ts'
import { compilerName, compilerVersion, firstVersion } from './machines/toolchains/compilers.ts'
import { archivesOf, checksumOf } from './machines/toolchains/toolchain-index.ts'
import { lastWords } from './machines/transport/last-words.ts'
import { parseDone } from './results/board-files.ts'
import { parseConfig, parseEnvironment } from './results/read-facts.ts'
import { parseSizes, parseSymbols } from './results/sizes.ts'
import { readDefconfig } from './tree/boards/defconfig.ts'
import { includesOf } from './tree/boards/device-tree-includes.ts'
import { parseExtensions } from './tree/boards/extended-boards.ts'
import { findUpkeep } from './tree/boards/maintainers.ts'
import { submodulePaths } from './tree/git/nested-repositories.ts'
import { compileGlob } from './tree/glob.ts'
import { parseKconfig } from './tree/kconfig/kconfig-parser.ts'
import { readCleanFiles, readCleanList } from './tree/snapshot/build-products.ts'

const MEGABYTE = 1 << 20
/** What is not linear shows at this size already; the slowest shapes then come at a megabyte. */
const SAMPLE = 1 << 15
const SLOWEST = 2
/** Seconds of CPU; what is not linear needs minutes for a megabyte. */
const MOST_CPU = 3
const nonce = 'n0nce'

/** What is repeated until it is a megabyte. */
const pieces = [
  'a',
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
  '/',
  'a/',
  'a/a.',
  'a.c:',
  'a:1:',
  'a:1:2: warning: x\n',
  'warning: ',
  'warning: a/b.o ',
  'a.dtb: Warning ',
  ': in function `',
  'In file included from ',
  '\x1b[0;',
  '\x1b',
  '(',
  ')',
  '[',
  '{"a":',
  '[[',
  '"',
  "'",
  '\\',
  '\\\n',
  '$(',
  '$(a,',
  '=',
  '==== WARNING ====\n',
  '-',
  '.',
  '.ld',
  '1',
  '1.',
  '1 ',
  'f f ',
  '*',
  '**/',
  '{a,',
  '|',
  '!',
  '!(',
  'a && ',
  'if a\n',
  'config A\n',
  'config A\n\tbool "a" if (\n',
  'menu "a"\n',
  'source "a"\n',
  'F: a*a*a*a*\n',
  'N: (a+)+\n',
  '#',
  '# ',
  '#define CONFIG_A ',
  'CONFIG_A=',
  'CONFIG_A=y\n',
  'a=',
  'a\n',
  'a b\n',
  'a\tb\n',
  'a \r',
  '[a]\na = b\n',
  'host key\n',
  '@@slipway n0nce begin\n',
  '\n@@slipway n0nce end',
  'Killed ',
  'Restart config (A) [] (NEW) ',
  '(A) [] (NEW)\n',
  "Image 'a' ",
  '<a href="',
  'é',
  '🦊',
  '\u2028',
  '\ufeff',
  '\ud800',
  'ａ',
]

/** Repeated, and with a beginning and an end that let a pattern hope for a long time. */
function* shapes(length: number): Generator<readonly [name: string, text: string]> {
  for (const piece of pieces) {
    const text = piece.repeat(Math.ceil(length / piece.length))
    yield [JSON.stringify(piece), text]
    yield [`a ${JSON.stringify(piece)} b`, `a${text}\u0001b`]
  }
}

const arraySymbol = '01000010 00000020 r default_environment'
const nothing = () => undefined
const memory = (text: string) => (path: string) =>
  path === 'Kconfig' || path === 'x' ? text : null
const frame = (text: string) => `\n@@slipway ${nonce} begin\n${text}\n@@slipway ${nonce} end\n`

function kconfig(text: string): unknown {
  const files = { read: memory(text), match: () => [] }
  return parseKconfig(files, { environment: {}, shell: () => '' })
}

function decodeBytes(text: string): void {
  const decoder = createLineDecoder(WORKER_PREFIX, nothing)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 1000) decoder.push(bytes.subarray(at, at + 1000))
  decoder.end()
}

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  linesOf: (text) => [...linesOf(text)],
  verdictOf: (text) => verdictOf(2, text),
  diagnosticsOf: (text) => diagnosticsOf('failed', text),
  withoutWarnings: (text) => withoutWarnings(text, { dtc: true, migration: true }),
  parseSelection: (text) => parseSelection({ terms: text, exclude: text, boards: text }),
  comparableLines,
  filesToRemake,
  hidesWarnings: (text) => hidesWarnings([text], text),
  failureReason: (text) => failureReason({ stderr: text, oomKills: 1, freeBytes: null }),
  kconfigLoop: (text) => kconfigLoop(`Restart config${text}`),
  sizeLine: (text) => sizeLine(text, text),
  parseAdjustment,
  checkAdjustments: (text) => checkAdjustments(text, [{ name: 'A', value: 'y' }]),
  placeInImage: (text) => placeInImage(`${text}\n${arraySymbol}`, text),
  parseStat,
  parsePs,
  parseStatsLog,
  describeEnvironment: (text) => describeEnvironment({ [text]: text, CC: text, PATH: text }, '/w'),
  decodeLine: (text) => decodeLine(`${WORKER_PREFIX}${text}`, WORKER_PREFIX),
  createLineDecoder: decodeBytes,
  parseBossMessage: (text) => parseBossMessage({ cmd: 'build_board', board: text, arch: text }),
  parseWorkerMessage: (text) =>
    parseWorkerMessage({
      ...{ resp: 'build_result', board: text, commit_upto: 0, return_code: 0 },
      ...{ stdout: text, stderr: text, files_gz: text, sizes: { raw: text } },
    }),
  parseKillReply: (text) => parseKillReply(frame(text), nonce),
  failureWords: (text) => failureWords(text, ['a']),
  lastWords,
  submodulePaths,
  includesOf,
  parseProbe: (text) => parseProbe(frame(text), nonce, 0),
  'parseProbe, no frame': (text) => parseProbe(text, nonce, 0),
  parseWorkers: (text) => parseWorkers(frame(text), nonce),
  parseAdvertisement: (text) => parseAdvertisement([Buffer.from(text), null]),
  parseConfigLine,
  parseKeywordLines,
  parseKnownHosts: (text) => parseKnownHosts(text, 'known_hosts'),
  compilerName,
  compilerVersion,
  firstVersion,
  archivesOf: (text) => archivesOf(text, 'https://a.example/'),
  checksumOf: (text) => checksumOf(text, 'a'),
  'checksumOf, a digest': (text) => checksumOf(`${'0'.repeat(64)}  ${text} b\n`.repeat(2), 'a'),
  parseDone,
  parseCommitFolder,
  parseConfig,
  parseEnvironment,
  parseSizes,
  parseSymbols,
  parseBuildmanConfig: (text) => parseBuildmanConfig(text, { file: 'f', home: '/h' }),
  readDefconfig: (text) => readDefconfig('x', memory(text), nothing),
  parseExtensions: (text) => parseExtensions('f', text),
  findUpkeep: (text) => findUpkeep(new Map([['M', text]]), ['configs/a_defconfig'], nothing),
  compileGlob: (text) => compileGlob(text.slice(0, 4096))('a'.repeat(4096)),
  parseKconfig: kconfig,
  readCleanList: (text) => readCleanList(text).hasFile('a'),
  readCleanFiles: (text) => readCleanFiles(text)('a'),
}

function cpuSecondsOf(work: () => unknown): number {
  const before = process.cpuUsage()
  try {
    work()
  } catch (error) {
    // To refuse is right; to run out of stack or memory is not.
    if (error instanceof RangeError) throw error
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

describe('a megabyte of anything is read in linear time', () => {
  test.each(Object.entries(parsers))(
    '%s',
    (_name, parse) => {
      const sampled = Array.from(shapes(SAMPLE), ([name, text]) => ({
        name,
        seconds: cpuSecondsOf(() => parse(text)),
      }))
      sampled.sort((a, b) => b.seconds - a.seconds)
      expect(sampled[0]?.seconds).toBeLessThan(MOST_CPU)
      const slowest = new Set(sampled.slice(0, SLOWEST).map(({ name }) => name))
      const slow: string[] = []
      for (const [name, text] of shapes(MEGABYTE)) {
        if (!slowest.has(name)) continue
        const seconds = cpuSecondsOf(() => parse(text))
        if (seconds > MOST_CPU) slow.push(`${name}: ${seconds.toFixed(1)} s`)
      }
      expect(slow).toEqual([])
    },
    600_000,
  )
})
