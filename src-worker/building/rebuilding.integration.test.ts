/** A build that goes on from an earlier one says and gives what one from scratch would. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { WorkerSettingsInput } from '../protocol/worker-settings.ts'
import { buildOne, buildResults, type Prepared, preparedWorker } from '../testing/worker-fixture.ts'

/** Compiles once; warns when it compiles. */
const compiles = `
if ! [ $OUT/main.o -nt main.c ]; then
  cat main.c >&2
  touch $OUT/main.o; echo compiled
fi`
const warning = 'main.c:1:1: warning: fishy'

const settings = { ccache: true }
const lines = (text = '') => text.split('\n').length - 1

async function again(
  prepared: Prepared,
  { commit = prepared.hashes[0] ?? '', more = {} as WorkerSettingsInput } = {},
) {
  const { worker } = prepared
  worker.send({ cmd: 'configure', settings: { ...settings, ...more } })
  worker.send({ cmd: 'build_prepare', commits: [commit] })
  return buildOne({ ...prepared, hashes: [commit] }, 'b')
}

test('nothing that was clean is compiled again', async () => {
  const prepared = await preparedWorker([{ boards: { b: compiles }, files: { 'main.c': '' } }], {
    settings,
  })
  expect((await buildOne(prepared, 'b')).stdout).toContain('compiled')
  const second = await again(prepared)
  expect(second.stdout).not.toContain('compiled')
  expect(lines(second.out_cmd)).toBe(2)
})

test('what warned is compiled again, so that it warns again', async () => {
  const files = { 'main.c': `${warning}\n` }
  const prepared = await preparedWorker([{ boards: { b: compiles }, files }], { settings })
  const first = await buildOne(prepared, 'b')
  const second = await again(prepared)
  expect(second.stderr).toBe(first.stderr)
  expect(lines(second.out_cmd)).toBe(2)
})

test('what stays silent is asked by a build from scratch, and what is gone is gone', async () => {
  const speaksOnce = '[ -e $OUT/once ] || { cat words >&2; touch $OUT/once; }'
  const boards = { b: speaksOnce }
  const prepared = await preparedWorker(
    [
      { boards, files: { words: 'odd tool: hm\n' } },
      { boards, files: { words: '' } },
    ],
    { settings },
  )
  const [said = '', quiet = ''] = prepared.hashes
  const first = await again(prepared, { commit: said })
  const second = await again(prepared, { commit: said })
  expect([first.stderr, second.stderr]).toEqual(['odd tool: hm\n', 'odd tool: hm\n'])
  expect([lines(first.out_cmd), lines(second.out_cmd)]).toEqual([2, 4])
  const third = await again(prepared, { commit: quiet })
  expect([third.stderr, lines(third.out_cmd)]).toEqual(['', 4])
  expect(lines((await again(prepared, { commit: quiet })).out_cmd)).toBe(2)
})

test('over a series of commits a warning neither vanishes nor stays when it is mended', async () => {
  const speaksOnce = '[ -e $OUT/once ] || { cat words >&2; touch $OUT/once; }'
  const boards = { b: speaksOnce }
  const words = ['odd: hm\n', 'odd: hm\n', '', '']
  const prepared = await preparedWorker(
    words.map((text, i) => ({ boards, files: { words: text, unrelated: String(i) } })),
    { settings },
  )
  const results = await buildResults(prepared, 'b')
  expect(results.map((r) => r.stderr)).toEqual(words)
})

test('other settings, a failure or a broken-off build mean a build from scratch', async () => {
  const boards = { b: `${compiles}\ntest ! -e ../fail` }
  const prepared = await preparedWorker([{ boards, files: { 'main.c': '' } }], { settings })
  await buildOne(prepared, 'b')
  expect((await again(prepared, { more: { no_lto: true } })).stdout).toContain('compiled')
  expect((await again(prepared, { more: { no_lto: true } })).stdout).not.toContain('compiled')
  writeFileSync(join(prepared.dir, 'fail'), '')
  const failed = await again(prepared, { more: { no_lto: true } })
  expect([failed.return_code, failed.stdout.includes('compiled')]).toEqual([2, true])
  expect(existsSync(join(prepared.dir, 'tree/build-00/.slipway-build.json'))).toBe(false)
})

test('each board keeps a folder, so boards in turns find their own', async () => {
  const files = { 'main.c': '' }
  const prepared = await preparedWorker([{ boards: { b: compiles, c: compiles }, files }], {
    settings,
    slots: 1,
  })
  const build = (board: string) => buildOne(prepared, board)
  const stdouts = [await build('b'), await build('c'), await build('b'), await build('c')]
  expect(stdouts.map((r) => r.stdout.includes('compiled'))).toEqual([true, true, false, false])
})

test("without ccache boards share the slot's folder, but not each other's outputs", async () => {
  const boards = { b: 'touch $OUT/u-boot.bin $OUT/b.rom', c: 'touch $OUT/u-boot.bin; ls $OUT' }
  const prepared = await preparedWorker([{ boards }], {
    settings: { ccache: false, keep_outputs: true },
    slots: 1,
  })
  await buildOne(prepared, 'b')
  const c = await buildOne(prepared, 'c')
  expect(c.kept?.map((file) => file.path)).toEqual(['u-boot.bin', 'include/autoconf.mk'])
})
