import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unpackFiles } from '../protocol/protocol.ts'
import { buildOne, buildResults, preparedWorker } from '../testing/worker-fixture.ts'

const good = 'cp /bin/true $OUT/u-boot\necho built'

test('a board that builds: sizes, commands, environment, files', async () => {
  const prepared = await preparedWorker([{ boards: { good, constructor: good } }])
  // A name that every object knows.
  expect(await buildOne(prepared, 'constructor')).toMatchObject({ return_code: 0 })
  const result = await buildOne(prepared, 'good')
  expect(result).toMatchObject({
    return_code: 0,
    stderr: '',
    stdout: 'built\n',
    slot: 0,
    attempt: 1,
    cpu_ms: expect.any(Number),
    reconfigured: true,
    toolchain: { gcc: '/usr/bin/gcc', path: '/usr/bin', cross: '', arch: 'sandbox' },
  })
  expect(result.sizes?.raw).toMatch(/^ +\d+\t +\d+\t +\d+\t +\d+\t +[0-9a-f]+\tu-boot [0-9a-f]{8}$/)
  expect(result.out_cmd).toMatch(
    /^make O=build-00 -s -j \d+ NPROC=\d+ good_defconfig\nmake O=build-00 -s -j \d+ NPROC=\d+\n$/,
  )
  expect(result.out_env).toContain('LC_ALL="C"\n')
  expect(result.config).toBeUndefined()
  const files = unpackFiles(result.files_gz ?? '')
  expect(Object.keys(files).sort()).toEqual(['.config', 'autoconf.mk', 'u-boot.objdump'])
  expect(files['.config']).toBe('CONFIG_BOARD="good"\n')
})

test('warnings and failures: what make returned and said, and the configuration of a failure', async () => {
  const boards = {
    warns: 'echo "main.c:7:1: warning: fishy" >&2',
    fails: 'echo "main.c:7:1: error: no" >&2\nexit 1',
  }
  const prepared = await preparedWorker([{ boards }])
  const [warns, fails, missing] = await Promise.all([
    buildOne(prepared, 'warns'),
    buildOne(prepared, 'fails'),
    buildOne(prepared, 'nosuch'),
  ])
  expect(warns).toMatchObject({ return_code: 0, stderr: 'main.c:7:1: warning: fishy\n' })
  expect(fails).toMatchObject({
    return_code: 2,
    stderr: expect.stringContaining('main.c:7:1: error: no\n'),
    config: { '.config': 'CONFIG_BOARD="fails"\n' },
  })
  expect(fails.reason).toBeUndefined()
  expect(missing).toMatchObject({
    return_code: 2,
    stderr: expect.stringContaining('no configs/nosuch_defconfig\n'),
  })
})

test("a make that ends with 0 and made nothing, or says that it failed, is the machine's fault", async () => {
  const boards = { b: 'echo "make: *** [Makefile:7: u-boot.bin] Error 2"' }
  const makefile = (configures: string) => ({
    Makefile: `all: ;\nu-boot: main.o\n\ttouch $@\n%_defconfig: ; @:${configures}\n`,
  })
  const prepared = await preparedWorker([
    { boards, files: makefile('') },
    { boards, files: makefile('; touch $(O)/.config') },
    { boards },
  ])
  const results = await buildResults(prepared, 'b')
  expect(
    results.map(({ return_code, reason, reason_text }) => [return_code, reason, reason_text]),
  ).toEqual(
    [
      /status 0, but made no \.config: is it make/,
      /status 0, but made no u-boot: is it make/,
      /status 0, but said 'make: \*\*\* \[Makefile:7: u-boot\.bin\] Error 2'/,
    ].map((said) => [-1, 'worker error', expect.stringMatching(said)]),
  )
})

test('ok, warning, error, fix: makes and outcomes of a series are those of the reference', async () => {
  // What the board does is read when it is built, so that it changes without a new configuration.
  const boards = { b: '. ./recipe' }
  const recipes = [good, `${good}\necho w >&2`, 'exit 1', good]
  const prepared = await preparedWorker(recipes.map((recipe) => ({ boards, files: { recipe } })))
  const results = await buildResults(prepared, 'b')
  const names = (commands = '') =>
    commands
      .trim()
      .split('\n')
      .map((c) => (c.endsWith('_defconfig') ? 'config' : 'build'))
  expect(results.map((r) => names(r.out_cmd).join(' '))).toEqual([
    'config build',
    'build',
    'build config build',
    'config build',
  ])
  expect(results.map((r) => r.return_code)).toEqual([0, 0, 2, 0])
  expect(results.map((r) => r.stderr !== '')).toEqual([false, true, true, false])
  // Only changes of Kconfig count as such, not what a failure has configured anew.
  expect(results.filter((r) => r.kconfig_changed)).toEqual([])
})

test("a changed Kconfig file or own defconfig reconfigures, another board's does not", async () => {
  const prepared = await preparedWorker([
    { boards: { b: good, other: good } },
    { boards: { b: good, other: `${good}\necho more` } },
    { boards: { b: `${good}\necho changed`, other: good } },
    {
      boards: { b: `${good}\necho changed`, other: good },
      files: { 'arch/Kconfig': 'config A\n' },
    },
  ])
  const results = await buildResults(prepared, 'b')
  expect(results.map((r) => r.reconfigured)).toEqual([true, false, true, true])
  expect(results.map((r) => r.kconfig_changed ?? false)).toEqual([false, false, true, true])
})

test('only the commits that are asked for are built', async () => {
  const prepared = await preparedWorker([good, good, good].map((b) => ({ boards: { b } })))
  const results = await buildResults(prepared, 'b', { uptos: [0, 2], attempt: 3 })
  expect(results.map((r) => [r.commit_upto, r.attempt])).toEqual([
    [0, 3],
    [2, 3],
  ])
})

test('settings, fragments and make flags reach make', async () => {
  const boards = { base: 'cat $OUT/.config\necho "flag $FLAG, missing $BINMAN_ALLOW_MISSING"' }
  const files = { 'configs/a.config': 'CONFIG_A=y\n', 'configs/b.config': 'CONFIG_B=y\n' }
  const prepared = await preparedWorker([{ boards, files }], {
    settings: { allow_missing: true, verbose_build: true, fragments: ['b.config'], mrproper: true },
    configure: { make_flags: { 'ext,base': ['FLAG=up and down'] } },
  })
  const work = { defconfig: 'base_defconfig', fragments: ['a.config'] }
  const result = await buildOne(prepared, 'ext,base', work)
  expect(result.stdout).toBe(
    'cleaned\nconfiguring base_defconfig\nCONFIG_BOARD="base"\nCONFIG_A=y\nCONFIG_B=y\nflag up and down, missing 1\n',
  )
  expect(result.out_cmd?.split('\n')[0]).toMatch(/^make mrproper O=build-00 V=1 -j/)
})

test('a board that is built alone gets every thread, through all its makes', async () => {
  const threads = availableParallelism()
  const task = '\t@echo + >>$(OUT)/jobs; sleep 0.3; echo - >>$(OUT)/jobs\n'
  const files = { 'jobs.mk': `all: a b c d e f\na b c d e f:\n${task}` }
  const boards = { wide: '$MAKE -f jobs.mk OUT=$OUT; cat $OUT/jobs' }
  const result = await buildOne(await preparedWorker([{ boards, files }]), 'wide')
  expect(result.stderr).toBe('')
  let now = 0
  const running = result.stdout
    .trim()
    .split('\n')
    .map((mark) => (now += mark === '+' ? 1 : -1))
  expect(Math.max(...running)).toBe(Math.min(6, threads))
})

test('config-only and another target', async () => {
  const prepared = await preparedWorker([{ boards: { good } }], { settings: { config_only: true } })
  expect((await buildOne(prepared, 'good')).out_cmd).toMatch(/ cfg\n$/)
  prepared.worker.send({ cmd: 'configure', settings: { make_target: 'fancy', keep_outputs: true } })
  prepared.worker.send({ cmd: 'build_prepare', commits: [...prepared.hashes], max_boards: 1 })
  const result = await buildOne(prepared, 'good')
  expect(result.stdout).toBe('fancy\n')
  expect(result.kept?.map(({ path, size }) => [path, size])).toEqual([
    ['fancy.bin', 6],
    ['include/autoconf.mk', 11],
  ])
  expect(result.kept?.[0]?.sha256).toBe(createHash('sha256').update('fancy\n').digest('hex'))
})

test('adjustments are merged in and checked', async () => {
  const prepared = await preparedWorker([{ boards: { good } }], {
    settings: { adjust_cfg: ['A=3', 'CONFIG_NOSUCH'] },
  })
  const result = await buildOne(prepared, 'good')
  expect(result.return_code).toBe(1)
  expect(result.stderr).toContain('NOSUCH                Missing expected line: CONFIG_NOSUCH=y')
  expect(result.config?.['.config']).toBe('CONFIG_BOARD="good"\nCONFIG_A=3\n')
  expect(result.out_cmd?.split('\n')).toHaveLength(3)
})

test('kept outputs come home in pieces', async () => {
  const big =
    'dd if=/dev/zero of=$OUT/u-boot.bin bs=1000 count=700 status=none\necho hi >$OUT/u-boot.map'
  const prepared = await preparedWorker([{ boards: { big } }], { settings: { keep_outputs: true } })
  await buildOne(prepared, 'big')
  const { worker } = prepared
  worker.send({ cmd: 'fetch_output', board: 'big', commit_upto: 0 })
  expect(await worker.next('output_end')).toMatchObject({ files: 3, problem: '' })
  const chunks = worker.messages.filter((m) => m.resp === 'output_chunk')
  const whole = (path: string) =>
    Buffer.concat(chunks.filter((c) => c.path === path).map((c) => Buffer.from(c.data, 'base64')))
  expect(whole('u-boot.bin')).toEqual(Buffer.alloc(700_000))
  expect(whole('u-boot.map').toString()).toBe('hi\n')
  worker.send({ cmd: 'fetch_output', board: 'nosuch', commit_upto: 0 })
  expect(await worker.next('output_end')).toMatchObject({
    files: 0,
    problem: expect.stringContaining('ENOENT'),
  })
})

test('a log is shown to who watches, from where it stands, and to nobody else', async () => {
  const boards = {
    slow: 'echo one\nuntil test -e $OUT/go; do sleep 0.02; done\necho two >&2',
    quiet: 'echo x',
  }
  const prepared = await preparedWorker([{ boards }])
  const { worker, dir } = prepared
  const result = buildOne(prepared, 'slow')
  await worker.next('board_started', (m) => m.board === 'slow')
  worker.send({ cmd: 'watch', board: 'slow', commit_upto: 0, on: true })
  const isOne = (m: { text: string }) => m.text.includes('one')
  expect(await worker.next('log_chunk', isOne)).toMatchObject({ stream: 'stdout', board: 'slow' })
  await buildOne(prepared, 'quiet')
  writeFileSync(join(dir, 'tree/build-00/go'), '')
  expect(await worker.next('log_chunk', (m) => m.stream === 'stderr')).toMatchObject({
    text: 'two\n',
    offset: 0,
  })
  await result
  expect(worker.messages.some((m) => m.resp === 'log_chunk' && m.board === 'quiet')).toBe(false)
})

test('of a long log the head and the tail travel', async () => {
  const boards = { long: 'seq 1 700000\necho done >&2' }
  const result = await buildOne(await preparedWorker([{ boards }]), 'long')
  expect(result.truncated).toEqual(['stdout'])
  expect(result.stdout.length).toBeLessThan(2.1 * 1024 * 1024)
  expect(result.stdout).toMatch(/^1\n2\n/)
  expect(result.stdout).toMatch(/\n\[slipway: \d+ bytes left out here\]\n/)
  expect(result.stdout).toMatch(/\n700000\n$/)
})

test('a cancelled board gets no result, whether it waits or is built; others go on', async () => {
  const boards = { hangs: 'sleep 600 & wait', waits: good, goes: good }
  const prepared = await preparedWorker([{ boards }], { slots: 1 })
  const { worker } = prepared
  for (const board of ['hangs', 'waits', 'goes']) {
    worker.send({ cmd: 'build_board', board, arch: 'sandbox', attempt: 2 })
  }
  await worker.next('board_started')
  worker.send({ cmd: 'cancel_board', board: 'waits' })
  worker.send({ cmd: 'cancel_board', board: 'hangs' })
  expect(await worker.next('board_cancelled', (m) => m.board === 'waits')).toMatchObject({
    attempt: 2,
    uptos: [0],
  })
  expect(await worker.next('board_cancelled')).toMatchObject({ board: 'hangs', uptos: [0] })
  expect(await worker.next('build_result')).toMatchObject({ board: 'goes', return_code: 0 })
  worker.send({ cmd: 'cancel_board', board: 'goes' })
  expect(await worker.next('error')).toMatchObject({ code: 'bad_board', board: 'goes' })
})

test("ccache: another slot's folder hits, and the result is the same", async () => {
  const compile = 'gcc -g -c -o $OUT/u-boot main.c'
  const files = { 'main.c': 'const char *where = __FILE__;\nint main(void) { return 0; }\n' }
  const boards = { one: compile, two: compile, holds: 'until test -e go; do sleep 0.02; done' }
  const prepared = await preparedWorker([{ boards, files }], { settings: { ccache: true } })
  const one = await buildOne(prepared, 'one')
  const holds = buildOne(prepared, 'holds')
  const two = await buildOne(prepared, 'two')
  writeFileSync(join(prepared.dir, 'tree/go'), '')
  await holds
  expect([one.slot, two.slot]).toEqual([0, 1])
  expect([one.ccache, two.ccache]).toEqual([
    { hits: 0, misses: 1, shared: 0 },
    { hits: 1, misses: 0, shared: 0 },
  ])
  expect(two.sizes).toEqual(one.sizes)
})

test('no ccache where the user has a wrapper, or does not want it', async () => {
  const boards = { good }
  const settings = { ccache: true, toolchain_wrapper: 'nice' }
  const wrapped = await preparedWorker([{ boards }], { settings })
  expect(await buildOne(wrapped, 'good')).not.toHaveProperty('ccache')
  const off = await preparedWorker([{ boards }])
  expect(await buildOne(off, 'good')).not.toHaveProperty('ccache')
})
