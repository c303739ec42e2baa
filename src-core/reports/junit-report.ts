import { plainText } from '../basics/plain-text.ts'
import { machineTitle } from '../basics/words.ts'
import type { Commit } from '../model.ts'
import type { ReportSource } from './report-source.ts'
import { type FailedAttempt, type RunBuild, runBuilds } from './run-builds.ts'
import { headline } from './text-report.ts'

/**
 * A run as JUnit's XML: a suite a commit, a test case a board. What could not be built is an error, as it
 * is for the exit status; a build that does not boot is skipped, since it neither failed nor passed. An
 * attempt that failed before one that brought the outcome is told as Maven's Surefire tells reruns:
 * `flakyFailure` and `flakyError` of a build that passed, `rerunFailure` and `rerunError` of one that failed.
 */
export function junitReport(source: ReportSource): string {
  const { run, report } = source
  const builds = runBuilds(run)
  const suites = run.commits.map((commit, index) => {
    const own = builds.filter((build) => build.commit.upto === commit.upto)
    return suite(source, commit, index, own)
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(headline(report))}" ${totals(builds)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function suite(
  source: ReportSource,
  commit: Commit,
  index: number,
  builds: readonly RunBuild[],
): string {
  const { startedAt, commits } = source.run
  const when = startedAt > 0 ? ` timestamp="${new Date(startedAt).toISOString().slice(0, 19)}"` : ''
  const prefix = commits.length > 1 ? `${commit.hash.slice(0, 12)}.` : ''
  return [
    `<testsuite id="${index}" name="${xml(commitName(commit))}" ${totals(builds)}${when}>`,
    ...builds.map((build) => testCase(build, prefix, source.tails.get(build.cell) ?? '')),
    '</testsuite>',
  ].join('\n')
}

function commitName({ currentSource, hash, subject }: Commit): string {
  return currentSource ? 'current source' : `${hash.slice(0, 12)} ${subject}`
}

function totals(builds: readonly RunBuild[]): string {
  const of = (outcome: RunBuild['outcome']) =>
    builds.filter((build) => build.outcome === outcome).length
  const skipped = of('open') + builds.filter(({ lacks }) => lacks.length > 0).length
  const time = builds.reduce((sum, { seconds }) => sum + seconds, 0)
  return `tests="${builds.length}" failures="${of('failed')}" errors="${of('not built')}" skipped="${skipped}" time="${time.toFixed(3)}"`
}

function testCase(build: RunBuild, prefix: string, tail: string): string {
  const { board, seconds } = build
  const begin = `<testcase classname="${xml(prefix + (board.arch || '-'))}" name="${xml(board.target)}" time="${seconds.toFixed(3)}"`
  const parts = [...outcomePart(build, tail), ...build.failedAttempts.map(attemptPart(build))]
  return parts.length === 0 ? `${begin}/>` : [`${begin}>`, ...parts, '</testcase>'].join('\n')
}

function outcomePart(build: RunBuild, tail: string): readonly string[] {
  const { outcome, reason, firstErrors, lacks, proof, machine } = build
  switch (outcome) {
    case 'failed': {
      const message = firstErrors[0] ?? (reason || 'it failed without a word')
      const where = [machine === '' ? '' : `on ${machineTitle(machine)}`, proof?.text ?? '']
      const said = [...where.filter((words) => words !== ''), reason, tail].filter(Boolean)
      return [element('failure', message, proof?.kind ?? 'failed', said.join('\n'))]
    }
    case 'not built':
      return [element('error', reason || 'not built', 'not built', '')]
    case 'open':
      return ['<skipped message="not done yet"/>']
    case 'warnings':
    case 'ok':
      return lacks.length > 0
        ? [`<skipped message="${xml(`does not boot: made without ${lacks.join(', ')}`)}"/>`]
        : []
  }
}

function attemptPart({ outcome }: RunBuild): (attempt: FailedAttempt) => string {
  const began = outcome === 'failed' || outcome === 'not built' ? 'rerun' : 'flaky'
  return ({ machine, why, words }) =>
    why === 'lost'
      ? element(`${began}Error`, `${machineTitle(machine)} was lost`, why, '')
      : element(`${began}Failure`, `failed on ${machineTitle(machine)}`, why, words)
}

function element(name: string, message: string, type: string, text: string): string {
  const begin = `<${name} message="${xml(message)}" type="${xml(type)}"`
  return text === '' ? `${begin}/>` : `${begin}>${xml(text)}</${name}>`
}

/** What XML 1.0 has no place for, not even as a reference. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

/** Text for use between tags and in quoted attributes. */
function xml(text: string): string {
  return plainText(text)
    .replace(forbidden, '\u{FFFD}')
    .replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
