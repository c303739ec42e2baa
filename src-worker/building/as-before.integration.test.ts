/** A commit that changes nothing of what a board was built from has the result of the one before. */
import { expect, test } from 'vitest'
import type { WorkerSettingsInput } from '../protocol/worker-settings.ts'
import { buildResults, type Prepared, preparedWorker } from '../testing/worker-fixture.ts'

/** Leaves an object, and the list of what it was made from, as compilers do. */
const compiles = `
cp main.c $OUT/main.o
echo main.o: $PWD/main.c > $OUT/main.o.d
echo compiled
grep fishy main.c >&2 || true`
/** Leaves an object, and does not say what it was made from. */
const secretive = 'cp main.c $OUT/main.o; echo compiled'

const settings = { skip_unaffected: true }
const commit = (main: string, other: string, boards = { b: compiles, s: secretive }) => ({
  boards,
  files: { 'main.c': `${main}\n`, 'other.c': `${other}\n` },
})

/** Another run of the same worker. */
async function nextRun(
  { worker }: Prepared,
  commits: readonly string[],
  more: WorkerSettingsInput = {},
): Promise<void> {
  worker.send({ cmd: 'configure', settings: { ccache: false, ...settings, ...more } })
  worker.send({ cmd: 'build_prepare', commits: [...commits] })
}

test('in a series, with what was said of the build that it stands for', async () => {
  const commits = [commit('fishy', '1'), commit('fishy', '2'), commit('2', '2'), commit('2', '3')]
  const prepared = await preparedWorker(commits, { settings })
  const [first, , third] = prepared.hashes
  const results = await buildResults(prepared, 'b')
  expect(results.map((r) => r.as_before)).toEqual([undefined, first, undefined, third])
  expect(results.map((r) => r.stderr)).toEqual(['fishy\n', 'fishy\n', '', ''])
  expect(results.map((r) => r.commit_upto)).toEqual([0, 1, 2, 3])
  expect(results[1]).toMatchObject({ duration_ms: 0, files_gz: results[0]?.files_gz })
})

test('not where the build does not tell what it read, failed, or is asked for', async () => {
  const fails = { ...commit('1', '1', { b: 'exit 1', s: secretive }) }
  const prepared = await preparedWorker([commit('1', '1'), commit('1', '2')], { settings })
  const built = async (board: string) =>
    (await buildResults(prepared, board)).map((r) => r.as_before === undefined)
  expect(await built('s')).toEqual([true, true])
  await nextRun(prepared, prepared.hashes, { skip_unaffected: false })
  expect(await built('b')).toEqual([true, true])
  const failing = await preparedWorker([fails, { ...fails, files: { 'other.c': '2\n' } }], {
    settings,
  })
  const results = await buildResults(failing, 'b')
  expect(results.map((r) => [r.as_before, r.return_code])).toEqual([
    [undefined, 2],
    [undefined, 2],
  ])
})

test('between runs, as long as all that shapes the build is the same', async () => {
  const prepared = await preparedWorker([commit('1', '1'), commit('1', '2'), commit('2', '2')], {
    settings,
  })
  const [first = '', second = '', third = ''] = prepared.hashes
  const run = async (commits: readonly string[], more: WorkerSettingsInput = {}) => {
    await nextRun(prepared, commits, more)
    const results = await buildResults({ ...prepared, hashes: commits }, 'b')
    return results.map((r) => r.as_before)
  }
  expect(await run([first])).toEqual([undefined])
  expect(await run([second])).toEqual([first])
  expect(await run([second], { warnings_as_errors: true })).toEqual([undefined])
  expect(await run([third])).toEqual([undefined])
  // What was newest is kept, and the commit before it differs.
  expect(await run([first])).toEqual([undefined])
})
