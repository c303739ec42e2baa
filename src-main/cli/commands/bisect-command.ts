import { plural } from '../../../src-core/basics/words.ts'
import { type BadRule, parseBadRule } from '../../../src-core/bisect/bad-rule.ts'
import type { BisectState, BisectTest } from '../../../src-core/bisect/bisect-state.ts'
import { commitName, replyText, verdictLines } from '../../../src-core/bisect/bisect-texts.ts'
import type { RunRequest } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import { type Bisect, startBisect } from '../../boss/bisect/bisect.ts'
import { goodEndFor, rangeOf } from '../../boss/bisect/good-ends.ts'
import type { ListedBoards } from '../../boss/preparing/prepare-run.ts'
import { lastValue } from '../arguments/flags.ts'
import { type Context, tell, warn } from '../context.ts'
import { sayJson, sayLines } from '../text/output.ts'
import { createStatusLine } from '../text/status-line.ts'

/**
 * `--bisect GOOD..BAD`: finds the commits that broke boards. Exits with 0 where a commit is named for each
 * board that is bad, else with 1.
 */
export async function bisectCommand(
  request: RunRequest,
  listed: ListedBoards,
  context: Context,
): Promise<Result<number>> {
  const { boss, flags, output, signal } = context
  const rule = parseBadRule(lastValue(flags, 'for') ?? '', lastValue(flags, 'run') ?? '')
  if (!rule.ok) return rule
  const ends = await withGoodEnd(request, rule.value, context)
  if (!ends.ok) return ends
  const started = await startBisect(boss, {
    ...{ request: ends.value, listed, rule: rule.value, signal },
    ...(!request.settings.force && { goesOn: 'the last like it' }),
  })
  if (!started.ok) return started
  tellBefore(started.value, context)
  const tellEnd = flags.on.has('json') ? reportJson(context) : showBisect(started.value, context)
  const state = await started.value.finished
  tellEnd(state)
  if (state.problem !== '') output.err(`slipway: ${state.problem}\n`)
  return ok(exitStatus(state))
}

/** Goes on with what was broken off; what a person marked in the window counts here, too. */
function tellBefore({ before, notes }: Bisect, context: Context): void {
  for (const note of notes) warn(context, note)
  if (!before) return
  const { marks } = before.kept
  const marked = marks.length === 0 ? '' : `, with ${plural(marks.length, 'commit')} marked by hand`
  const when = new Date(before.startedAt).toLocaleString('en')
  tell(context, `Going on with the search of ${when}${marked} (-f begins anew)`)
}

/** `..BAD` leaves it to this program to find a good end. */
async function withGoodEnd(
  request: RunRequest,
  rule: BadRule,
  context: Context,
): Promise<Result<RunRequest>> {
  const { commits, treeDir, boards } = request
  if (commits.kind !== 'range' || !commits.range.startsWith('..')) return ok(request)
  const bad = commits.range.slice('..'.length) || 'HEAD'
  const good = await goodEndFor({
    entries: await context.boss.index.list(),
    ...{ treeDir, bad, boards },
    withoutWarnings: rule.kind === 'warns',
    signal: context.signal,
  })
  if (!good.ok) return good
  const { hash, why } = good.value
  tell(context, `Good end: ${commitName(good.value)}, ${why}`)
  return ok({ ...request, commits: { ...commits, range: rangeOf(hash, bad) } })
}

function exitStatus({ verdicts, problem }: BisectState): number {
  const isNamed = verdicts.every(({ kind }) => kind === 'culprit' || kind === 'good at the end')
  const named = verdicts.some(({ kind }) => kind === 'culprit')
  return problem === '' && named && isNamed ? 0 : 1
}

function reportJson({ output }: Context): (state: BisectState) => void {
  return (state) => {
    const verdicts = state.verdicts.map((verdict) =>
      verdict.kind === 'culprit' ? { ...verdict, reply: replyText(verdict, state) } : verdict,
    )
    sayJson(output, { event: 'bisect', ...state, verdicts })
  }
}

/** A line for each test that ended, and at the end the verdicts with what is needed to go on from them. */
function showBisect(bisect: Bisect, { output }: Context): (state: BisectState) => void {
  const { commits, rule } = bisect.state
  const told = new Set<BisectTest>()
  const status = createStatusLine(output, () => statusText(bisect.state))
  status.say(`Looking among ${commits.length - 1} commits for the first one at which ${rule}`)
  const tell = () => {
    const { tests } = bisect.state
    for (const test of tests) {
      if (test.finding === null || told.has(test)) continue
      told.add(test)
      status.say(testLine(test, bisect.state))
    }
    status.change()
  }
  tell()
  bisect.onChange(tell)
  return (state) => {
    status.end()
    const lines = state.verdicts.flatMap((verdict) => verdictLines(verdict, state))
    sayLines(output, lines)
    for (const verdict of state.verdicts) {
      if ('bisectLog' in verdict) {
        sayLines(output, ['', 'For git bisect replay:', ...verdict.bisectLog.trimEnd().split('\n')])
      }
    }
  }
}

function testLine({ board, upto, finding, machine, from }: BisectTest, state: BisectState): string {
  const commit = state.commits[upto]
  const name = commit ? commitName(commit) : ''
  const where = from === 'this search' ? machine : from
  const said = finding === 'skip' ? "can't be told" : (finding ?? '')
  return `${board} at ${name}: ${said}${where === '' ? '' : ` (${where})`}`
}

function statusText({ phase, tests, parts }: BisectState): string {
  if (phase === 'confirming') return 'Building again what was found'
  const building = tests.filter(({ finding }) => finding === null).length
  const left = parts.map(({ candidates }) => candidates.length || '?').join(' + ')
  return `Building ${building}, ${left} commits left`
}
