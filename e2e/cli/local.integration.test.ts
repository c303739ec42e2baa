import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonLine } from '../../scripts/docs/json-schemas.ts'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, readJson, type Slipway } from './slipway.ts'

/** The command on this computer alone: tiny0000 fails, tiny0001 warns, tiny0005 never ends. */

let slipway: Slipway
let tree = ''

const failing = syntheticBoard(0)
const warning = syntheticBoard(1)
const fine = syntheticBoard(2)
const other = syntheticBoard(3)
const hanging = syntheticBoard(5)

beforeAll(async () => {
  slipway = await makeSlipway()
  tree = join(slipway.dir, 'tree with space')
  await makeSyntheticTree(tree, {
    boards: 6,
    buildMs: 30,
    series: 2,
    failing: [0],
    warning: [1],
    hanging: [5],
  })
})
afterAll(() => slipway.remove())

const out = (name: string) => join(slipway.dir, name)
const build = (...args: string[]) => slipway.run(args, { cwd: tree })

test('builds the current source, says how it went, and leaves results as buildman does', async () => {
  const { code, stdout, stderr } = await build('tiny000[0-3]', '-o', out('plain'))
  expect(code).toBe(100)
  expect(stderr).toMatch(
    /^Building current source for 4 boards \(\d+ threads?, \d+ jobs? per thread\)\n/,
  )
  // Nobody else could say whether it is the code: that machine's record decides.
  expect(stderr).toMatch(/ failed {4}tiny0000 \[local\]: only local could build it, .+\n/)
  expect(stderr).toContain('board/tiny0000.c:7:1: error: this board always fails\n')
  expect(stdout).toMatch(/^Completed: 4 total built, duration 0:00:\d\d, rate \d+\.\d\d\n/)
  expect(stdout).toContain('2 ok, 1 with warnings, 1 failed, 0 not built\n')
  const done = (board: string) => readFile(join(out('plain'), 'current', board, 'done'), 'utf8')
  expect(await Promise.all([failing, warning, fine, other].map(done))).toEqual(['2', '0', '0', '0'])
})

test('warnings alone are status 101, or 0 with -W', async () => {
  const boards = ['--boards', `${fine},${warning}`, '-o', out('status')]
  expect((await build(...boards)).code).toBe(101)
  expect((await build(...boards, '-W')).code).toBe(0)
})

test('-N leaves out the folders of the branch and the current source', async () => {
  await build('--boards', fine, '-N', '-o', out('flat'))
  expect(await readFile(join(out('flat'), fine, 'done'), 'utf8')).toBe('0')
  await build('--boards', fine, '-N', '-b', 'main~1..main', '-o', out('flat series'))
  const [commit = ''] = (await readdir(out('flat series'))).filter((name) => /^01_g/.test(name))
  expect(await readFile(join(out('flat series'), commit, fine, 'done'), 'utf8')).toBe('0')
  const { stdout } = await build('--boards', fine, '-N', '-s', '-o', out('flat'))
  expect(stdout).toContain('(no errors to report)')
})

test('-w puts the build folder and the result of one board into -o, and touches nothing else there', async () => {
  const dir = out('work in output')
  await mkdir(dir)
  await writeFile(join(dir, 'mine.txt'), 'mine')
  for (const board of [warning, fine]) {
    expect((await build('-w', '-W', '--boards', board, '-o', dir)).code).toBe(0)
    expect(await readFile(join(dir, 'done'), 'utf8')).toBe('0')
    expect(await readFile(join(dir, '.config'), 'utf8')).toContain(board)
    expect((await stat(join(dir, 'u-boot.bin'))).size).toBeGreaterThan(0)
    expect(existsSync(join(dir, 'err'))).toBe(board === warning)
  }
  expect(await readFile(join(dir, 'mine.txt'), 'utf8')).toBe('mine')
  for (const [args, problem] of [
    [['-w', fine], '-w needs a folder: -o DIR'],
    [['-w', 'tiny000[2-3]', '-o', dir], '-w builds one board, not 2'],
    [['-w', fine, '-b', 'main', '-o', dir], '-w builds the current source: it takes no -b'],
    [['-w', fine, '--dist', '-o', dir], '-w builds here, in -o: it takes no --distribute'],
  ] as const) {
    const { code, stderr } = await build(...args)
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(problem) })
  }
})

test('-w -i leaves them in the tree, and the next build takes none of it for source', async () => {
  const dir = join(slipway.dir, 'in-tree')
  await makeSyntheticTree(dir, { boards: 1, buildMs: 10 })
  const args = ['-w', '-i', '--boards', syntheticBoard(0)]
  expect((await slipway.run(args, { cwd: dir })).code).toBe(0)
  expect((await stat(join(dir, 'u-boot.bin'))).size).toBeGreaterThan(0)
  expect((await slipway.run(args, { cwd: dir })).code).toBe(0)
  await expect(stat(join(dir, 'current'))).rejects.toThrow('ENOENT')
})

test('-I says what compilers say, and nothing else', async () => {
  const { code, stdout, stderr } = await build('-I', '--boards', failing, '-o', out('ide'))
  expect({ code, stdout }).toEqual({ code: 100, stdout: '' })
  const err = await readFile(join(out('ide'), 'current', failing, 'err'), 'utf8')
  expect(stderr).toBe(err)
})

test('--process-limit lets a run wait for another one of the same person', async () => {
  const limited = ['--process-limit', '1']
  const first = slipway.start([...limited, '--boards', hanging, '-o', out('first')], { cwd: tree })
  await first.until('Building current source')
  const second = slipway.start([...limited, '--boards', fine, '-o', out('second')], { cwd: tree })
  await second.until('waiting for one of 1 other runs to end')
  first.child.kill('SIGINT')
  expect((await second.ended).code).toBe(0)
  await first.ended
})

test('--json: events, and a last line with a row for every build', async () => {
  const { code, stdout, stderr } = await build(
    ...['--json', '-W', '-b', 'main~2..main', '-o', out('json')],
    ...['--boards', `${warning},${fine}`],
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { events, finished } = readJson(stdout)
  expect(events[0]?.event).toBe('run-started')
  expect(events.filter(({ event }) => event === 'build-finished')).toHaveLength(4)
  expect(Object.keys(finished)).toEqual(['event', 'format', 'exitCode', 'builds'])
  for (const line of [...events, finished]) expect(jsonLine.parse(line)).toEqual(line)
  expect(finished).toMatchObject({ event: 'finished', exitCode: 0 })
  const hash = (revision: string) => gitLine('rev-parse', revision)
  const row = (board: string, upto: number, commit: string, outcome: string) => ({
    board,
    commit,
    upto,
    outcome,
    reason: '',
    machine: 'local',
    attempts: 1,
    seconds: expect.any(Number),
  })
  const [first, second] = [await hash('main~1'), await hash('main')]
  expect(finished.builds).toEqual([
    row(warning, 0, first, 'warnings'),
    row(warning, 1, second, 'warnings'),
    row(fine, 0, first, 'ok'),
    row(fine, 1, second, 'ok'),
  ])
  expect(Object.keys(finished.builds[0] ?? {})).toEqual(
    'board commit upto outcome reason machine attempts seconds'.split(' '),
  )
})

test('a run is saved as a file, which shows it to others, with its reports', async () => {
  const built = await build(
    ...['-b', 'main~2..main', '-o', out('sent'), '--boards', `${warning},${fine}`],
  )
  expect(built.code).toBe(101)
  const file = out('run.slipway')
  const saved = await slipway.run(['--export', 'last', '--hide-names', file], { cwd: tree })
  expect(saved).toMatchObject({ code: 0, stdout: '' })
  const from = { cwd: slipway.dir }
  const opened = await slipway.run(['--open', file, '-e', '--report', out('sent.html')], from)
  expect(opened).toMatchObject({ code: 0, stderr: '' })
  const own = await build(
    '-s',
    '-e',
    '-b',
    'main~2..main',
    '-o',
    out('sent'),
    '--boards',
    `${warning},${fine}`,
  )
  const shown = (text: string) => text.split('\n').slice(1)
  expect(shown(opened.stdout)).toEqual(shown(own.stdout))
  expect(await readFile(out('sent.html'), 'utf8')).toContain(warning)
  const page = await readFile(file)
  expect(gunzipSync(page).toString()).not.toContain(slipway.dir)

  await writeFile(file, page.subarray(0, page.length - 20))
  const cut = await slipway.run(['--open', file], from)
  expect(cut).toMatchObject({ code: 1, stdout: '' })
  expect(cut.stderr).toBe(
    "slipway: run.slipway can't be opened: it is cut short\n  Have it sent again\n",
  )
  const wrong = await slipway.run(['--export', 'nosuch', file], from)
  expect(wrong.stderr).toMatch(/^slipway: there is no run 'nosuch'\n {2}there are: \S+ \(/)
  expect((await readFile(file)).length).toBe(page.length - 20)
})

test('--json: where nothing can be built there is a last line, too', async () => {
  const { code, stdout, stderr } = await build('--json', 'nosuch', '-o', out('none'))
  expect(code).toBe(1)
  expect(stderr).toContain('slipway: No matching boards found')
  expect(readJson(stdout)).toEqual({
    events: [{ event: 'problem', what: 'No matching boards found', hint: '' }],
    finished: { event: 'finished', format: 1, exitCode: 1, builds: [] },
  })
})

test('--json: a run that could not begin tells its rows, too', async () => {
  const file = join(slipway.dir, 'no-folder')
  await writeFile(file, '')
  const { code, stdout, stderr } = await build(
    ...['--json', '-b', 'main~2..main', '-o', file, '--boards', `${warning},${fine}`],
  )
  expect(code).toBe(1)
  expect(stderr).toMatch(/^slipway: The output folder \S+ can't be used: /)
  const { events, finished } = readJson(stdout)
  expect(events).toMatchObject([{ event: 'problem', hint: 'Choose another one' }])
  expect(finished.builds).toHaveLength(4)
  expect(finished.builds[0]).toMatchObject({
    ...{ board: warning, upto: 0, outcome: 'not built', machine: '', attempts: 0 },
    reason: expect.stringContaining("can't be used"),
  })
})

test('what is typed wrong is refused, also as JSON; what counts for nothing is told of', async () => {
  const wrong = await build('--json', '--nosuch')
  expect(wrong.code).toBe(2)
  expect(readJson(wrong.stdout).finished).toEqual({
    ...{ event: 'finished', format: 1, exitCode: 2, builds: [] },
  })
  const noFile = await build('-n', '-G', join(slipway.dir, 'nothing'), fine)
  expect(noFile).toMatchObject({ code: 1, stderr: expect.stringContaining('no settings file') })
  const idle = await build('-n', '-c', '2', fine)
  expect(idle.stderr).toBe('slipway: --count counts only with -b: this builds the current source\n')
})

test('what it says on a full disk is not lost in silence', async () => {
  const inShell = ['-c', '"$@" >/dev/full', 'sh', ...slipway.command, '--list-boards']
  const options = { cwd: tree, env: slipway.env }
  await expect(promisify(execFile)('sh', inShell, options)).rejects.toMatchObject({
    code: 102,
    stderr: expect.stringMatching(/^slipway: what it said could not be written: ENOSPC/m),
  })
})

test('where no file can be opened any more, that is said, and nothing falls over', async () => {
  const inShell = ['-c', 'ulimit -n 30; "$@" 2>&1 || :', 'sh', ...slipway.command, '--list-boards']
  const options = { cwd: tree, env: slipway.env }
  const { stdout } = await promisify(execFile)('sh', inShell, options)
  expect(stdout).not.toMatch(/Unhandled|\n +at /)
})

test('--list-tool-chains says which compilers are missing, and with -v where it looked', async () => {
  const file = join(slipway.dir, 'toolchains')
  await writeFile(file, '[toolchain]\nhere = /nowhere\n[toolchain-prefix]\nm68k = /no/such-\n')
  const { code, stdout, stderr } = await build('-G', file, '--list-tool-chains', '-v')
  expect(code).toBe(0)
  expect(stderr).toBe('slipway: [toolchain-prefix] m68k = /no/such-: there is no such compiler\n')
  expect(stdout).toContain('prefix /no/such-: nothing found\n')
  expect(stdout).toMatch(/\nList of available toolchains \(0\):\nNone\. Install one /)
})

test('cache and state are closed to others whatever the umask, also where they were open', async () => {
  const [cache, state] = [out('open-cache'), out('open-state')]
  await mkdir(join(cache, 'slipway'), { recursive: true })
  await chmod(join(cache, 'slipway'), 0o777)
  const env = { ...slipway.env, XDG_CACHE_HOME: cache, XDG_STATE_HOME: state }
  const script = ['-c', 'umask 000; exec "$@"', 'sh', ...slipway.command, '--list-tool-chains']
  await promisify(execFile)('sh', script, { env, cwd: tree })
  for (const folder of [cache, state]) {
    const { mode } = await stat(join(folder, 'slipway'))
    expect((mode & 0o777).toString(8)).toBe('700')
  }
})

test('a place where nothing can be kept is named at once, with what to do', async () => {
  for (const name of ['XDG_CACHE_HOME', 'XDG_STATE_HOME']) {
    const env = { ...slipway.env, [name]: '/proc/nope' }
    const { code, stderr } = await slipway.run(['--list-tool-chains'], { cwd: tree, env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^slipway: \/proc\/nope\/slipway can't be used: ENOENT/)
    expect(stderr).toContain(`Let ${name} lead to a folder that can`)
  }
})

test('a series is built once; -f builds all of it again, -F what failed or warned', async () => {
  const series = [
    '-b',
    'main~2..main',
    '-o',
    out('again'),
    '--boards',
    `${failing},${warning},${fine}`,
  ]
  const summary = async (...more: string[]) => {
    const { code, stdout } = await build(...series, ...more)
    return [code, stdout.split(',')[0]]
  }
  expect(await summary()).toEqual([100, 'Completed: 6 total built'])
  expect(await summary()).toEqual([100, 'Completed: 6 total built (6 previously)'])
  const base = join(out('again'), 'main~2..main')
  const folder = (await readdir(base)).find((name) => name.startsWith('01_g')) ?? ''
  const doneFile = (board: string) => join(base, folder, board, 'done')
  const before = await stat(doneFile(fine))
  expect((await build(...series, '-F')).stdout).toContain('(2 previously, 4 newly)')
  expect((await stat(doneFile(fine))).mtimeMs).toBe(before.mtimeMs)
  expect(await summary('-f')).toEqual([100, 'Completed: 6 total built'])
  expect((await stat(doneFile(fine))).mtimeMs).toBeGreaterThan(before.mtimeMs)
})

test('a second boss on the same output folder is told who has it', async () => {
  // It has the folder for as long as it is let.
  const first = slipway.start(['--boards', hanging, '-o', out('locked')], { cwd: tree })
  await first.until('Building current source')
  const second = await build('--boards', fine, '-o', out('locked'))
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(/in use by \S+@\S+ \(process \d+\)[\s\S]*choose another/)
  first.child.kill('SIGINT')
  expect((await first.ended).code).toBe(1)
})

test('an interrupt ends the workers, and every build has its outcome', async () => {
  const run = slipway.start(['--json', '--boards', `${fine},${hanging}`, '-o', out('stopped')], {
    cwd: tree,
  })
  await run.until('"outcome":"ok"')
  expect(await slipway.processes()).not.toEqual([])
  run.child.kill('SIGINT')
  const { code, stdout, stderr } = await run.ended
  expect(stderr).toContain('slipway: stopping')
  expect(code).toBe(1)
  const { finished } = readJson(stdout)
  expect(finished.exitCode).toBe(1)
  expect(finished.builds).toMatchObject([
    { board: fine, outcome: 'ok' },
    { board: hanging, outcome: 'not built', reason: 'cancelled' },
  ])
  await expect.poll(() => slipway.processes(), { timeout: 20_000 }).toEqual([])
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a second %s ends it at once, workers soon after',
  async (name) => {
    const run = slipway.start(['--json', '--boards', hanging, '-o', out('twice')], { cwd: tree })
    await run.until('"build-started"')
    run.child.kill(name)
    await run.until('slipway: stopping')
    run.child.kill(name)
    expect((await run.ended).code).toBe(1)
    await expect.poll(() => slipway.processes(), { timeout: 20_000 }).toEqual([])
  },
)

test('-X adds extended boards to what can be selected, and nothing else does', async () => {
  const text = 'name: loud\ndesc: says more\nfragment: loud\ntargets:\n  tiny000[23]_defconfig\n'
  await writeFile(join(tree, 'configs', 'more.buildman'), text)
  expect((await build('--list-boards', 'loud')).stdout).toBe('')
  const { stdout } = await build('-X', '-n', '-v', 'loud', '-o', out('extended'))
  expect(stdout).toContain('loud : 2 boards\n   loud,tiny0002 loud,tiny0003\n')
  const named = await build('-X', '--list-boards', '--json', '--boards', `loud,${fine}`)
  expect(JSON.parse(named.stdout)).toMatchObject([{ target: `loud,${fine}`, arch: 'sandbox' }])
  await writeFile(join(tree, 'configs', 'more.buildman'), 'fragment: loud\n')
  const broken = await build('-X', '-n')
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('more.buildman:1') })
  await rm(join(tree, 'configs', 'more.buildman'))
})

async function gitLine(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['-C', tree, ...args])
  return stdout.trim()
}
