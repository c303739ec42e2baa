import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { packRun } from '../../src-core/run/run-snapshot.ts'
import type { RerunRequest } from '../../src-core/schemas.ts'
import { lineCompilers, summariseRun } from '../reports/summarise-run.ts'
import { lastTimes } from '../results/past-builds.ts'
import { otherRuns } from './build-handlers.ts'
import { newestOnly } from './newest-only.ts'
import type { Handlers } from './request-router.ts'
import type { WindowBoss } from './window-boss.ts'

type RunRequestName =
  | 'settings:build-defaults'
  | 'run:plan'
  | 'run:plan-known'
  | 'run:start'
  | 'run:action'
  | 'run:rerun'
  | 'run:current'
  | 'run:open'
  | 'run:history'
  | 'run:last-times'
  | 'run:summary'
  | 'run:line-compilers'
  | 'run:forget'
  | 'build:watch'

/**
 * How long a plan waits for machines, milliseconds: it follows the choice of boards while that is typed. The
 * window asks for another one once a machine has answered.
 */
const planPatienceMs = 100

/** Answers about runs: what one would do, the one under way, and those of before. */
export function runHandlers(windowBoss: WindowBoss): Handlers<RunRequestName> {
  return {
    'settings:build-defaults': async () => {
      const config = await windowBoss.boss().fleet.reload()
      const allowMissing = config.ok && config.value.allowMissing.always
      return { ...defaultBuildSettings, allowMissing }
    },
    'run:plan': newestOnly((request, signal) =>
      windowBoss.boss().plan(request, { patienceMs: planPatienceMs, signal }),
    ),
    'run:plan-known': (request) => windowBoss.boss().planKnown(request),
    'run:start': (request) => windowBoss.start(request),
    'run:action': ({ runId, action }) => {
      const run = windowBoss.run()
      if (run?.runId === runId) return run.act(action)
      return windowBoss.follows(runId)
        ? fail('Another window or a terminal drives that run', 'Stop it there')
        : fail('That run is over')
    },
    'run:rerun': (asked) => rerun(windowBoss, asked),
    'run:current': async () => {
      const run = windowBoss.run()?.state ?? (await newest(windowBoss))
      return run && packRun(run, { elsewhere: windowBoss.isElsewhere(run) })
    },
    'run:open': async ({ runId }) => {
      const opened = await windowBoss.open(runId)
      if (!opened.ok) return opened
      const run = opened.value
      const sentAs = windowBoss.sentAs(run)
      return ok(packRun(run, { elsewhere: windowBoss.isElsewhere(run), sentAs }))
    },
    'run:history': () => windowBoss.history(),
    'run:last-times': async ({ runId }) => {
      const opened = await windowBoss.open(runId)
      if (!opened.ok) return opened
      const before = (await otherRuns(windowBoss, opened.value)).filter(
        ({ startedAt }) => startedAt < opened.value.startedAt,
      )
      return ok(await lastTimes(before, opened.value))
    },
    'run:summary': async ({ runId }) => {
      const opened = await windowBoss.open(runId)
      if (!opened.ok) return opened
      const run = opened.value
      return ok([...(await summariseRun(run, await windowBoss.resultsOf(run))).summaries])
    },
    'run:line-compilers': async ({ runId, ...line }) => {
      const opened = await windowBoss.open(runId)
      if (!opened.ok) return opened
      const { kept } = await windowBoss.resultsOf(opened.value)
      return ok(await lineCompilers(opened.value, kept, line))
    },
    'run:forget': async ({ runId }) => {
      if (windowBoss.run()?.runId === runId && windowBoss.isRunning())
        return fail('That run is under way')
      await windowBoss.forget(runId)
      return { ok: true, value: undefined }
    },
    'build:watch': ({ build, on }) => {
      const run = windowBoss.run()
      if (run?.runId === build.runId) run.watch(build.board, build.upto, on)
    },
  }
}

/** The newest run of an earlier session, so that the window opens as it was left. */
async function newest(windowBoss: WindowBoss) {
  const entry = await windowBoss.boss().index.newest()
  const opened = entry ? await windowBoss.open(entry.runId) : null
  return opened?.ok ? opened.value : null
}

/** Builds some of what that run built once more; what it built besides stays in view. */
async function rerun(
  windowBoss: WindowBoss,
  { runId, boards, builds, machine }: RerunRequest,
): Promise<Result<{ runId: string }>> {
  const opened = await windowBoss.openOwn(runId)
  if (!opened.ok) return opened
  const { request, commits } = opened.value
  if (!request) return fail('The log of that run does not say what it was asked for')
  const again = {
    boards,
    builds,
    hashes: commits.map(({ hash }) => hash),
    ...(machine !== undefined && { machine }),
  }
  return windowBoss.start({ ...request, rerun: again })
}
