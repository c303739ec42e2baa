import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { htmlReport } from '../../src-core/reports/html-report.ts'
import { packRun } from '../../src-core/run/run-snapshot.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import { openSentRun, type SentRun } from '../results/sent-run.ts'
import { gatherReport } from './gather-report.ts'
import { namesOfRun, type RunFileOptions, saveRunFile } from './save-run-file.ts'
import { type KnownResults, resultsOnDisk, summariseRun } from './summarise-run.ts'
import { keptRun } from './test-kept-run.ts'

type Saved = {
  readonly file: string
  readonly run: RunState
  readonly results: KnownResults
  readonly sent: SentRun
  readonly text: string
}

/** Saves the run of the test kit, and opens the file. */
async function savedRun(hideFor?: (run: RunState) => RunFileOptions['hide']): Promise<Saved> {
  const work = mkdtempSync(join(tmpdir(), 'slipway-save-run-'))
  onTestFinished(() => rmSync(work, { recursive: true }))
  const run = await keptRun(join(work, 'results'))
  const onDisk = await resultsOnDisk(run, join(work, 'cache'))
  const results = { ...onDisk, changedFiles: async () => ['drivers/bad.c'] }
  const file = join(work, 'run.slipway')
  const saved = await saveRunFile(run, results, { file, hide: hideFor?.(run) ?? null })
  if (!saved.ok) throw new Error(saved.problem.what)
  expect(saved.value).toBe(readFileSync(file).length)
  const opened = await openSentRun(file)
  if (!opened.ok) throw new Error(opened.problem.what)
  const text = gunzipSync(readFileSync(file)).toString()
  return { file, run, results, sent: opened.value, text }
}

test('a run that was saved is the same run in another place: grid, timeline, summary, logs, report', async () => {
  const { run, results, sent } = await savedRun()
  expect(packRun(sent.run)).toEqual(packRun(run))
  const [theirs, ours] = await Promise.all([
    summariseRun(sent.run, sent),
    summariseRun(run, results),
  ])
  expect(theirs).toEqual(ours)
  expect(ours.summaries[1]?.boards).toMatchObject([{ board: 'jetty', now: 'failed' }, {}, {}])
  for (const commit of run.commits) {
    for (const { target } of run.boards) {
      const [there, here] = [sent, results].map(({ kept }) => kept.files(commit, target))
      expect(there?.record()).toEqual(here?.record())
      for (const name of ['log', 'err', 'toolchain', 'out-cmd'])
        expect(there?.text(name)).toBe(here?.text(name))
    }
  }
  const [page, own] = await Promise.all([gatherReport(sent.run, sent), gatherReport(run, results)])
  expect(htmlReport(page)).toBe(htmlReport(own))
})

test('names are left out everywhere, and what happened stays', async () => {
  const { run, sent, text } = await savedRun((one) => ({
    ...namesOfRun(one, ['ann@moa.example.org']),
    users: ['ann'],
  }))
  for (const name of [
    /\bann\b/,
    /\bmoa\b/,
    /example\.org/,
    /\/home/,
    /10\.1\.2\.3/,
    /slipway-save-run/,
  ])
    expect(text).not.toMatch(name)
  expect(sent.head.namesHidden).toBe(true)
  expect(sent.run.machines.map(({ name, done }) => [name, done])).toEqual([
    ['local', 0],
    ['machine-1', 4],
  ])
  expect(sent.run.request).toMatchObject({ treeDir: '/tree', useMachines: ['machine-1'] })
  const cells = ({ cells: { state, seconds, machine } }: RunState) => ({ state, seconds, machine })
  expect(cells(sent.run)).toEqual(cells(run))
  const [first, second] = sent.run.commits
  expect(first && sent.kept.files(first, 'drift').text('err')).toBe(
    '/tree/common/warn.c:3:7: warning: unused variable x [-Wunused-variable]\n',
  )
  expect(second && sent.kept.files(second, 'jetty').text('err')).toBe(
    'drivers/bad.c:1:2: error: no such thing, says user@host\nmake: *** Error 1\n',
  )
})

test('a run whose boss died is saved as far as it came; one that goes on is not', async () => {
  const work = mkdtempSync(join(tmpdir(), 'slipway-save-run-'))
  onTestFinished(() => rmSync(work, { recursive: true }))
  const run = await keptRun(work, false)
  const results = await resultsOnDisk(run, work)
  const file = join(work, 'run.slipway')
  writeFileSync(file, 'what was there before')
  const goesOn = await saveRunFile(run, results, { file, hide: null })
  expect(goesOn).toMatchObject({ ok: false, problem: { what: 'That run goes on' } })
  expect(readFileSync(file, 'utf8')).toBe('what was there before')
  const dead = { ...run, finishedAt: run.now, cancelled: true }
  expect(await saveRunFile(dead, results, { file, hide: null })).toMatchObject({ ok: true })
  expect(await openSentRun(file)).toMatchObject({
    ok: true,
    value: { run: { cancelled: true, finishedAt: run.now } },
  })
})
