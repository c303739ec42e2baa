import { execFile } from 'node:child_process'
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BisectState } from '../../src-core/bisect/bisect-state.ts'
import { ensureSampleTree } from '../../src-main/tree/sample-tree.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSlipway, readJson, type Slipway, writeSettings } from './slipway.ts'

/**
 * The search for a commit over a real series of the sample tree, on two machines: at 2 all boards break and
 * at 4 they are mended, 5 builds nowhere, 7 breaks the boards with an SPL, 9 those with a network.
 */

const run = promisify(execFile)
let slipway: Slipway
let lab: Lab
let tree = ''
const hashes: string[] = []

beforeAll(async () => {
  ;[slipway, lab] = await Promise.all([makeSlipway(), startHosts(2)])
  tree = join(slipway.dir, 'tree')
  await ensureSampleTree(join(import.meta.dirname, '../../resources/sample-tree'), tree)
  await makeSeries()
  const limits = ['h1', 'h2'].map((name) => `[machine:${name}]\nmax_load_per_core = 1000`)
  const bounds = 'min_disk_mb = 0\nmin_memory_mb = 0\n'
  await writeSettings(slipway, `[machines]\nh1\nh2\n\n${limits.join(`\n${bounds}`)}\n${bounds}`)
})
afterAll(async () => {
  await lab?.stop()
  await slipway?.remove()
})

async function git(...args: string[]): Promise<string> {
  const who = ['-c', 'user.name=Ada Wright', '-c', 'user.email=ada@quayside.example']
  return (await run('git', ['-C', tree, ...who, ...args])).stdout
}

async function makeSeries(): Promise<void> {
  await git('checkout', '-q', 'main')
  hashes.push((await git('rev-parse', 'HEAD')).trim())
  const wasRight = new Map<string, string>()
  const breaking = async (file: string, text: string) => {
    wasRight.set(file, await readFile(join(tree, file), 'utf8'))
    await appendFile(join(tree, file), `${text}\n`)
  }
  const mending = (file: string) => writeFile(join(tree, file), wasRight.get(file) ?? '')
  const steps: Record<number, () => Promise<void>> = {
    2: () => breaking('lib/crc32.c', 'int early(void) { return never_there; }'),
    4: () => mending('lib/crc32.c'),
    5: () => breaking('Makefile', 'endif'),
    6: () => mending('Makefile'),
    7: () => breaking('common/spl.c', 'int in_spl(void) { return no_such_reset; }'),
    9: () => breaking('cmd/net.c', 'int in_net(void) { return no_such_port; }'),
  }
  for (let number = 1; number <= 11; number += 1) {
    await steps[number]?.()
    await appendFile(join(tree, 'env', 'steps.txt'), `${number}\n`)
    await git('add', '-A')
    await git('commit', '-qm', `Step ${number}`)
    hashes.push((await git('rev-parse', 'HEAD')).trim())
  }
}

const bisect = (...flags: string[]) => bisectRange(`${hashes[0]}..main`, ...flags)

function startRange(range: string, ...flags: string[]) {
  const where = ['--use-machines', 'h1,h2', '--no-local', '-o', join(slipway.dir, 'out')]
  return slipway.start(['--bisect', range, ...where, ...flags], {
    cwd: tree,
    env: { SLIPWAY_SSH_CONFIG: lab.sshConfig },
  })
}

const bisectRange = (range: string, ...flags: string[]) => startRange(range, ...flags).ended

test('two causes are found in one search, confirmed on the other machine, and git agrees', async () => {
  const { code, stdout, stderr } = await bisect('sim_jetty$', 'sim_beacon$', '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const state = readJson(stdout).finished as unknown as BisectState
  const culprits = state.verdicts.flatMap((verdict) =>
    verdict.kind === 'culprit' ? [verdict] : [],
  )
  const found = culprits.map(({ boards, commit }) => `${boards}: ${commit.subject}`)
  expect(found.sort()).toEqual(['sim_beacon: Step 9', 'sim_jetty: Step 7'])
  const spl = culprits.find(({ commit }) => commit.subject === 'Step 7')
  expect(spl).toMatchObject({
    commit: { hash: hashes[7], author: 'Ada Wright <ada@quayside.example>' },
    proof: expect.stringMatching(
      /^it and its parents came out alike .*\((?:h1 and h2|h2 and h1)\)$/,
    ),
    problem: expect.stringContaining('no_such_reset'),
    hunks: [{ file: 'common/spl.c' }],
  })
  expect(spl?.hunks[0]?.lines.at(-1)).toBe('+int in_spl(void) { return no_such_reset; }')
  const log = join(slipway.dir, 'bisect-log')
  await writeFile(log, spl?.bisectLog ?? '')
  expect(await git('bisect', 'replay', log)).toContain(`${hashes[7]} is the first bad commit`)
  await git('bisect', 'reset')
})

test('what was built is not built again; a board that fails otherwise is no answer', async () => {
  const again = await bisect('sim_beacon$')
  expect(again.code).toBe(0)
  expect(again.stdout).toContain('("Step 9") is the first commit at which it fails: sim_beacon')
  const tested = again.stderr.split('\n').filter((line) => line.startsWith('sim_beacon at '))
  expect(tested.filter((line) => !line.endsWith('(an earlier run)'))).toEqual([])
  const none = await bisect('sim_beacon$', '--for', 'never_there')
  expect({ code: none.code, stdout: none.stdout }).toEqual({
    code: 1,
    stdout: "The last commit can't be told: sim_beacon\n",
  })
})

test.each([
  [['--for', 'config:BOOTDELAY'], 'work', 'env: Wait a second longer before booting'],
  [['--for', 'size:1000'], 'work', 'cmd: Add the time command'],
  [['--for', 'warns'], 'work~2', 'net: Ask again when nobody answers'],
  [['--run', '! grep -q run_time u-boot'], 'work', 'cmd: Add the time command'],
])('%j: the first commit of the history that is so', async (flags, end, subject) => {
  const { code, stdout, stderr } = await bisectRange(
    `${hashes[0]}..${end}`,
    ...flags,
    '--boards',
    'sandbox',
  )
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain(`("${subject}") is the first commit`)
})

/** How the terminal tells of a build that a machine did just now. */
const built = / at .*: (?:good|bad|can't be told) \(h[12]\)(?:\n|$)/

/** Which boards at which commits were built, of what a search said. */
function builtIn(stderr: string): readonly string[] {
  return stderr.split('\n').flatMap((line) => (built.test(line) ? [line.replace(/: .*/, '')] : []))
}

test('a search that was killed goes on where it stood', async () => {
  const asked = ['sim_jetty$', 'sim_beacon$', '-o', join(slipway.dir, 'killed')]
  const search = () => startRange(`${hashes[0]}..main`, ...asked)
  // Builds of the other tests' folder would answer all that is asked.
  await rm(join(slipway.dir, 'out'), { recursive: true, force: true })
  const killed = search()
  await killed.until(built)
  killed.child.kill('SIGKILL')
  const before = builtIn((await killed.ended).stderr)
  expect(before).not.toEqual([])

  const again = search()
  await again.until('Going on with the search of ')
  const { code, stdout, stderr } = await again.ended
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain('("Step 9") is the first commit at which it fails: sim_beacon')
  expect(stdout).toContain('("Step 7") is the first commit at which it fails: sim_jetty')
  expect(
    builtIn(stderr).filter((build) => before.includes(build)),
    stderr,
  ).toEqual([])

  const third = await search().ended
  expect(third.code).toBe(0)
  expect(third.stderr).not.toContain('Going on with the search')
})
