import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSampleTree } from '../../src-main/tree/sample-tree.ts'
import { makeSlipway, type Slipway } from './slipway.ts'

/** `-s` over a real series of the sample tree: sizes change at 2, a warning comes at 3, a board breaks at 5. */

let slipway: Slipway
let tree = ''
let built = ''

beforeAll(async () => {
  slipway = await makeSlipway()
  tree = join(slipway.dir, 'tree')
  await ensureSampleTree(join(import.meta.dirname, '../../resources/sample-tree'), tree)
  const { code, stdout } = await run('-n')
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Would build 5 commits for 2 boards/),
  })
  built = (await run(...reportFlags('built'), '--github')).stdout
})
afterAll(() => slipway.remove())

const seriesFlags = () => [
  ...['-b', 'main~1..work~4'],
  ...['--boards', 'sim_jetty,sim_beacon'],
  ...['-o', join(slipway.dir, 'out')],
]
const run = (...flags: string[]) => slipway.run([...seriesFlags(), ...flags], { cwd: tree })

const forms = ['report', 'junit', 'sarif', 'trace'] as const
const reportFile = (name: string, form: string) => join(slipway.dir, `${name}.${form}`)
const reportFlags = (name: string) => forms.flatMap((form) => [`--${form}`, reportFile(name, form)])
const readReport = (name: string, form: (typeof forms)[number]) =>
  readFile(reportFile(name, form), 'utf8')

/** The lines below a commit's title. */
async function summary(commit: number, ...flags: string[]): Promise<string> {
  const { code, stdout } = await run(...flags)
  expect(code).toBe(0)
  return stdout.split(/^\d\d: .*\n/m)[commit] ?? ''
}

test('the series was built', () => {
  expect(built).toContain('Completed: 10 total built (3 as before, 7 newly, 2 reconfig), ')
  expect(built).toContain('3 builds not run: their commits change no file that they are built from')
  expect(built).toContain('6 ok, 3 with warnings, 1 failed, 0 not built')
})

test('-s says which boards broke at which commit; nothing more where nothing changed', async () => {
  const { stdout } = await run('-s')
  expect(stdout).toMatch(/^Summary of 5 commits for 2 boards \(/)
  expect(stdout).toContain(
    '03: net: Ask again when nobody answers\n   sandbox:  w+   sim_beacon\n04: x86: Show',
  )
  expect(stdout).toMatch(/\n05: .*\n {3}sandbox: {2}\+ {3}sim_jetty\n$/)
})

test('-e adds the lines, -l the boards behind them', async () => {
  expect(await summary(5, '-sel')).toBe(
    "   sandbox:  +   sim_jetty\n+(sim_jetty) spl.c: error: undefined reference to `arch_reset_cause'\n",
  )
})

test('-S, -d and -B go from architecture to board to function', async () => {
  const sizes = await summary(2, '-sSdB')
  expect(sizes).toMatch(/^ {3}sandbox: \(for 2\/2 boards\) all \+\d+\.0 /)
  expect(sizes).toMatch(/\n {12}sim_jetty {6}: all \+\d+ bss \+\d+ /)
  expect(sizes).toMatch(/\n {17}command_time +- +\d+ +\+\d+\n/)
  expect(await summary(2, '-sS')).not.toContain('sim_jetty')
})

test('-K shows the configuration', async () => {
  expect(await summary(2, '-sK')).toContain('   + u-boot.cfg: CONFIG_CMD_TIME=1\n')
})

test('a board that failed once, and was built when nothing had changed for it, may be a flake', async () => {
  const base = join(slipway.dir, 'out', 'main~1..work~4')
  const third = (await readdir(base)).find((name) => name.startsWith('03_')) ?? ''
  const folder = join(base, third, 'sim_jetty')
  const done = await readFile(join(folder, 'done'))
  await writeFile(join(folder, 'done'), '2')
  await writeFile(
    join(folder, 'err'),
    "../board/harbour/jetty/jetty.c:5:1: error: 'x' undeclared\n",
  )
  const { stdout } = await run('-s')
  await writeFile(join(folder, 'done'), done)
  await rm(join(folder, 'err'))
  expect(stdout).toMatch(/\nPerhaps flakes \(1\), since .*: sim_jetty \(failed at 03\)\n$/)
})

test('reports tell a build and its results alike: what fails, what it says, and since when', async () => {
  expect(built).toContain(
    "::error file=spl.c,title=1 board::undefined reference to `arch_reset_cause'%0Asim_jetty\n",
  )
  const summary = reportFile('step', 'md')
  await writeFile(summary, 'before\n')
  const { code } = await slipway.run(
    [...seriesFlags(), '-s', ...reportFlags('again'), '--github'],
    { cwd: tree, env: { GITHUB_STEP_SUMMARY: summary } },
  )
  expect(code).toBe(0)
  expect(await readFile(summary, 'utf8')).toMatch(/^before\n### 2 boards at 5 commits of /)
  for (const form of forms)
    expect(await readReport('again', form)).toBe(await readReport('built', form))
  const junit = await readReport('built', 'junit')
  expect(junit.match(/<testcase /g)).toHaveLength(10)
  expect(junit).toMatch(/<failure message="[^"]*undefined reference[^>]*>[^<]*arch_reset_cause/)
  const { results } = JSON.parse(await readReport('built', 'sarif')).runs[0]
  expect(results[0]).toMatchObject({ level: 'error', properties: { boards: ['sim_jetty'] } })
  const { traceEvents } = JSON.parse(await readReport('built', 'trace'))
  expect(traceEvents.filter(({ ph }: { ph: string }) => ph === 'X')).toHaveLength(10)
  expect(await readReport('built', 'report')).toContain('End of its log')
})

test('a report that can not be written is said once, before anything is built', async () => {
  const nowhere = join(slipway.dir, 'no such folder', 'r.xml')
  const { code, stdout, stderr } = await run('-f', '--junit', nowhere)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(
    /^slipway: \S+.*\/r\.xml could not be written: ENOENT[^\n]*\n {2}Name a file/,
  )
})

test('a report that is lost on a full disk is said in the end, beside what was printed', async () => {
  const { code, stdout, stderr } = await run('-s', '--junit', '/dev/full')
  expect(code).toBe(102)
  expect(stdout).toContain('01: ')
  expect(stderr).toMatch(/\/dev\/full could not be written: ENOSPC/)
})

test('results that other runs left, too, are reported by their records', async () => {
  const { code, stderr } = await run('-s', '--boards', 'sandbox_spl', ...reportFlags('records'))
  expect(code).toBe(0)
  expect(stderr).toContain('the trace is empty')
  const junit = await readReport('records', 'junit')
  expect(junit).toContain('tests="15" failures="1" errors="0" skipped="5"')
})

test('where nothing broke, and where there is nothing, that is said', async () => {
  const args = ['-b', 'main~1..main', '--boards', 'sim_jetty', '-o', join(slipway.dir, 'none')]
  const summaryOf = async (...more: string[]) =>
    (await slipway.run(['-s', '-e', ...args, ...more], { cwd: tree })).stdout
  expect(await summaryOf('-u', '--show-not-built')).toMatch(
    /\n01: lib: crc32: .*\n {3}sandbox: {2}\? {3}sim_jetty\nBoards not built \(1\): sim_jetty\n/,
  )
  expect(await summaryOf()).toMatch(
    /\n01: .*\n\(no results in \S+\/none\/main~1\.\.main: build first/,
  )
  expect((await slipway.run(args, { cwd: tree })).code).toBe(0)
  expect(await summaryOf()).toMatch(/\n01: .*\n\(no errors to report\)\n$/)
})

test('--lines notes what is compiled; -s says how a commit changed it, and who compiles a line', async () => {
  const out = join(slipway.dir, 'lines')
  const series = ['-b', 'main~1..work~7', '-o', out, '--boards', 'sim_jetty']
  const lines = (...flags: string[]) => slipway.run([...series, ...flags], { cwd: tree })
  const { code, stdout } = await lines('-zW', '--lines-code')
  expect(code).toBe(0)
  const first = join(out, 'main~1..work~7', (await readdir(join(out, 'main~1..work~7')))[1] ?? '')
  const noted = await readFile(join(first, 'sim_jetty', 'lines'), 'utf8')
  expect(noted).toMatch(/^common\/main\.c: [\d,-]+$/m)
  expect(await readFile(join(first, 'sim_jetty', 'out-cmd'), 'utf8')).toContain('NO_LTO=1')
  expect(stdout).toMatch(
    /\n02: cmd: Add the time command\nsim_jetty : lines \+\d+ -0\n {3}\+ cmd\/time\.c: [\d,-]+\n/,
  )
  expect(stdout).toContain('          20: \tcon_dec(ticks());\n')
  const asked = await lines('-s', '--who-compiles', 'cmd/time.c:20')
  expect(asked.stdout).toMatch(
    /^01: .*\ncmd\/time\.c:20\n {3}not compiled by \(1\): sim_jetty\n02: .*\ncmd\/time\.c:20\n {3}compiled by \(1\): sim_jetty\n$/m,
  )
})
