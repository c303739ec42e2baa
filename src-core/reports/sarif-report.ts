import { plainText } from '../basics/plain-text.ts'
import { plural } from '../basics/words.ts'
import type { Commit } from '../model.ts'
import type { ReportSource } from './report-source.ts'
import { type RunBuild, runBuilds } from './run-builds.ts'
import type { RunProblem } from './run-problems.ts'

/** Names of boards that one result or notification lists; how many there are it always says. */
const mostBoards = 500
/** Places of one result. */
const mostPlaces = 20
/** Characters of a message: a linker may say pages. */
const longestMessage = 2000

/**
 * The problems of a run's last commit as SARIF 2.1.0: a result a problem, whichever boards it hits; those
 * are in its properties, with the commit that brought it. Files are below `SRCROOT`, the tree. What was not
 * built is a notification, since it says nothing of the source.
 */
export function sarifReport({ run, report, problems, version }: ReportSource): string {
  const rules = [...new Set(problems.map(ruleOf))]
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Slipway', version, rules: rules.map((id) => ({ id })) },
        },
        automationDetails: { id: `slipway/${report.source}/` },
        originalUriBaseIds: { SRCROOT: { description: { text: 'The source tree' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: run.finishedAt > 0 && !run.cancelled,
            ...(run.startedAt > 0 && { startTimeUtc: new Date(run.startedAt).toISOString() }),
            ...(run.finishedAt > 0 && { endTimeUtc: new Date(run.finishedAt).toISOString() }),
            toolExecutionNotifications: notBuilt(runBuilds(run)),
          },
        ],
        results: problems.map((problem) => result(problem, rules, run.commits)),
      },
    ],
  }
  return `${JSON.stringify(sarif, null, 1)}\n`
}

function result(problem: RunProblem, rules: readonly string[], commits: readonly Commit[]) {
  const { kind, message, boards, since, fingerprint } = problem
  const commit = commits[since]
  const ruleId = ruleOf(problem)
  return {
    ruleId,
    ruleIndex: rules.indexOf(ruleId),
    level: kind === 'error' ? 'error' : 'warning',
    message: { text: textOf(`${message} (${plural(boards.length, 'board')})`) },
    locations: locations(problem),
    partialFingerprints: {
      'slipwayProblem/v1': fingerprint,
      // The one name that GitHub looks at.
      primaryLocationLineHash: `${fingerprint}:1`,
    },
    properties: {
      boardCount: boards.length,
      boards: boards.slice(0, mostBoards),
      ...(commit && { since: { commit: commit.hash, subject: commit.subject } }),
    },
  }
}

/** A compiler's own name for what it warns of, where it says one. */
function ruleOf({ kind, message }: RunProblem): string {
  const option = /\[(-W[\w=+.-]{1,100})\]\s*$/.exec(message)?.[1]
  if (option !== undefined) return option
  return kind === 'blob' ? 'missing-blob' : `build-${kind}`
}

function locations({ file, places }: RunProblem) {
  if (file === '') return []
  return places.slice(0, mostPlaces).map(({ line, column }) => ({
    physicalLocation: {
      artifactLocation: file.startsWith('/')
        ? { uri: `file://${uriPath(file)}` }
        : { uri: uriPath(file), uriBaseId: 'SRCROOT' },
      ...(line > 0 && {
        region: { startLine: line, ...(column > 0 && { startColumn: column }) },
      }),
    },
  }))
}

function uriPath(file: string): string {
  // Half of a character pair has no UTF-8, and so no place in a URI.
  const whole = file.replace(/\p{Surrogate}/gu, '\u{FFFD}')
  return whole.split('/').map(encodeURIComponent).join('/')
}

function notBuilt(builds: readonly RunBuild[]) {
  const byReason = new Map<string, Set<string>>()
  for (const { outcome, reason, board } of builds) {
    if (outcome !== 'not built') continue
    const boards = byReason.get(reason)
    if (boards) boards.add(board.target)
    else byReason.set(reason, new Set([board.target]))
  }
  return [...byReason].map(([reason, boards]) => {
    const text = textOf(`${plural(boards.size, 'board')} not built: ${reason || 'no reason told'}`)
    const properties = { boardCount: boards.size, boards: [...boards].slice(0, mostBoards) }
    return { level: 'error', message: { text }, properties }
  })
}

function textOf(said: string): string {
  return plainText(said).slice(0, longestMessage)
}
