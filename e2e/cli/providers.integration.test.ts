import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ownerComment } from '../../src-main/providers/slurm/slurm-owner.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { type SlurmCluster, slurmProblem, startSlurm } from '../lab/slurm.ts'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, type Slipway, writeSettings } from './slipway.ts'

/** Machines for a time: a real Slurm cluster, and hosts that commands of a person rent. */

const boards = Array.from({ length: 24 }, (_, index) => syntheticBoard(index))
const all = `${boards.length - 1} ok, 0 with warnings, 1 failed, 0 not built`

let slipway: Slipway
let tree = ''

beforeAll(async () => {
  slipway = await makeSlipway()
  tree = join(slipway.dir, 'tree')
  await makeSyntheticTree(tree, { boards: boards.length, buildMs: 1000, failing: [3] })
})
afterAll(() => slipway?.remove())

const outDir = (name: string) => join(slipway.dir, name)

/** By board, on what it was built. */
async function hostsIn(out: string): Promise<readonly string[]> {
  const text = await readFile(
    join(out, '.slipway', 'runs', (await logsIn(out)).at(-1) ?? ''),
    'utf8',
  )
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return events.flatMap(({ type, machine }) => (type === 'build-finished' ? [machine] : []))
}

async function logsIn(out: string): Promise<readonly string[]> {
  return (await readdir(join(out, '.slipway', 'runs'))).sort()
}

const why = slurmProblem()
describe.skipIf(why !== '')(`Slurm${why === '' ? '' : ` (left out: ${why})`}`, () => {
  let cluster: SlurmCluster
  beforeAll(async () => {
    cluster = await startSlurm(2)
  })
  afterAll(() => cluster?.stop())
  afterEach(async () => {
    await cluster.tool('scancel', '--user=root')
    await expect.poll(() => cluster.jobs()).toEqual([])
  })

  const build = (out: string, ...more: string[]) =>
    slipway.start(['--no-local', '-f', '-o', out, ...more], { cwd: tree, env: cluster.env })

  async function configure(...lines: string[]): Promise<void> {
    await writeSettings(
      slipway,
      ['[toolchain]', 'other = /', '[machines]', '[provider:slurm]', 'kind = slurm', ...lines].join(
        '\n',
      ),
    )
  }

  test('boards are built on both nodes as by hand, also when the allocation is cancelled meanwhile', async () => {
    await configure('nodes = 2', 'time = 10')
    const listed = await slipway.run(['--mach'], { cwd: tree, env: cluster.env })
    expect(listed.stdout).toContain('slurm: gives up to 2 machines: Slurm, nodes: 2 idle (debug')
    const out = outDir('cancelled')
    const run = build(out, '--use-machines', 'slurm:2')
    await run.until(/given: allocation \d+: n1, n2, until/)
    await run.until(/ok +\S+ \[slurm:n[12]\]/)
    await cluster.tool('scancel', '--user=root')
    await run.until('its allocation ended: CANCELLED; it is asked again')
    const { stdout } = await run.ended
    expect(stdout).toContain(all)
    expect(await cluster.jobs()).toEqual([])
    expect(new Set(await hostsIn(out))).toEqual(new Set(['slurm:n1', 'slurm:n2']))
  })

  test('a boss that is killed leaves no allocation, and the next run finishes', async () => {
    await configure('nodes = 2')
    const out = outDir('killed')
    const run = build(out, '--use-machines', 'slurm')
    await run.until(/ok +\S+ \[slurm:n[12]\]/)
    expect(await cluster.jobs()).toHaveLength(1)
    run.child.kill('SIGKILL')
    await run.ended
    await expect.poll(() => cluster.jobs()).toEqual([])
    const next = slipway.start(['--no-local', '-o', out, '--use-machines', 'slurm'], {
      cwd: tree,
      env: cluster.env,
    })
    expect((await next.ended).stdout).toContain(all)
    expect(await cluster.jobs()).toEqual([])
  })

  test('a login node is reached as any machine is, and holds nothing when the boss is killed', async () => {
    const lab = await startHosts(1, { names: ['login'] })
    try {
      const { home } = lab.host('login')
      await writeFile(join(home, '.bashrc'), `export SLURM_CONF=${cluster.env.SLURM_CONF}\n`)
      await writeSettings(
        slipway,
        '[toolchain]\nother = /\n[machines]\nlogin\n[provider:slurm]\nkind = slurm\nlogin_node = login\n',
      )
      const [first = '', ...others] = boards.slice(0, 8)
      const start = (names: readonly string[]) =>
        slipway.start(
          ['--no-local', '-f', '-o', outDir('login'), '--use-machines', 'slurm'].concat(
            '--boards',
            names.join(','),
          ),
          { cwd: tree, env: { SLIPWAY_SSH_CONFIG: lab.sshConfig } },
        )
      const { stdout } = await start([first]).ended
      expect(stdout).toContain('1 ok, 0 with warnings, 0 failed, 0 not built')
      expect(await cluster.jobs()).toEqual([])
      expect((await hostsIn(outDir('login'))).join()).toMatch(/^slurm:n[12]$/)
      const run = start(others)
      await run.until(/(?:ok|failed) +\S+ \[slurm:n[12]\]/)
      run.child.kill('SIGKILL')
      await run.ended
      await expect.poll(() => cluster.jobs()).toEqual([])
    } finally {
      await lab.stop()
    }
  })

  test('while others have the nodes the run goes on without, and says why', async () => {
    await configure('nodes = 2')
    const hold = ['--no-shell', '--exclusive', '-N2', '-J', 'others', '-t', '30']
    await cluster.tool('salloc', ...hold)
    const out = outDir('queued')
    const run = slipway.start(['-f', '-o', out, '--use-machines', 'slurm:2'], {
      cwd: tree,
      env: cluster.env,
    })
    await run.until(/slurm: waiting: job \d+ waits: Resources, place 1 in the queue/)
    const { stdout } = await run.ended
    expect(stdout).toContain(all)
    expect(new Set(await hostsIn(out))).toEqual(new Set(['local']))
    expect(await cluster.jobs()).toEqual(['others'])
    await cluster.tool('scancel', '--name=others')
    await expect.poll(() => cluster.jobs()).toEqual([])
  })

  test('allocations whose boss is gone are cancelled by --kill-workers, and no others', async () => {
    await configure('nodes = 1')
    const gone = spawnSync('true').pid
    const alive = await ownerComment()
    const dead = alive.replace(/"pid":\d+/, `"pid":${gone}`)
    const allocate = (name: string, comment: string) =>
      cluster.tool('salloc', '--no-shell', '-n1', '-J', name, `--comment=${comment}`)
    await allocate('slipway-dead', dead)
    await allocate('slipway-alive', alive)
    await allocate('slipway-of-nobody', '')
    await allocate('others', dead)
    const { code, stdout } = await slipway.run(['--kill-workers', '--use-machines', 'slurm'], {
      cwd: tree,
      env: cluster.env,
    })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '  slurm: gave back slipway-dead\n' })
    expect((await cluster.jobs()).sort()).toEqual(['others', 'slipway-alive', 'slipway-of-nobody'])
  })

  test.each([
    ['partition = nosuch', /slurm: over: Slurm refused the request: .*[Ii]nvalid partition/],
    ['options = --nonsense', /slurm: over: Slurm refused the request: .*nonsense/],
    ['account = "a b; touch x"', /given: allocation/],
  ])('%s', async (line, said) => {
    await configure('nodes = 1', line)
    const run = build(outDir('refused'), '--use-machines', 'slurm', '--boards', boards[0] ?? '')
    const { stdout, stderr } = await run.ended
    expect(stderr).toMatch(said)
    expect(stdout).toMatch(/Completed: [01] total built/)
    expect(await cluster.jobs()).toEqual([])
  })

  test('before its time is over a node gets no more boards, and others are asked for', async () => {
    await configure('nodes = 2', 'time = 1')
    // Half of its minute is over before they are built.
    const slow = join(slipway.dir, 'slow-tree')
    await makeSyntheticTree(slow, { boards: boards.length, buildMs: 3000 })
    const run = slipway.start(['--no-local', '-o', outDir('limit'), '--use-machines', 'slurm:1'], {
      cwd: slow,
      env: cluster.env,
    })
    const { stdout, stderr } = await run.ended
    expect(stdout).toContain(`${boards.length} ok, 0 with warnings, 0 failed, 0 not built`)
    expect(stderr.match(/given: allocation/g)).toHaveLength(2)
    expect(stderr).not.toContain('lost')
    expect(await cluster.jobs()).toEqual([])
  })

  // The last one, since the node stays away.
  test('a node that dies costs no board', async () => {
    await configure('nodes = 2', 'time = 10')
    const out = outDir('node-died')
    const run = build(out, '--use-machines', 'slurm:2')
    await run.until(/ok +\S+ \[slurm:n2\]/)
    await cluster.killNode('n2')
    const { stdout, stderr } = await run.ended
    expect(stdout, stderr).toContain(all)
    expect(await cluster.jobs()).toEqual([])
  })
})

describe('commands', () => {
  let lab: Lab
  let booked = ''
  beforeAll(async () => {
    lab = await startHosts(2)
    booked = join(slipway.dir, 'booked')
    await mkdir(booked)
  })
  afterAll(() => lab?.stop())

  /** Keeps a file for each host that is booked, and writes down what it gives and takes back. */
  async function writeOffice(acquire: string, release = ':'): Promise<void> {
    const office = join(slipway.dir, 'office')
    await writeFile(
      office,
      `#!/bin/sh
cd ${booked}
case $1 in
list) printf '%s\\n' '{"name":"h1","cost_per_minute":0.5}' '{"name":"seat","host":"h2","cost_per_minute":0.25}' ;;
acquire) ${acquire} ;;
release) echo "released $2" >>log; ${release} ;;
esac
`,
    )
    await chmod(office, 0o755)
    await writeFile(join(booked, 'log'), '')
    await writeSettings(
      slipway,
      [
        ...[
          '[toolchain]',
          'other = /',
          '[machines]',
          '[provider:lab]',
          'kind = commands',
          'limit = 20',
        ],
        ...['list', 'acquire', 'release'].map((word) => `${word} = ${office} ${word}`),
      ].join('\n'),
    )
  }

  const log = async () => (await readFile(join(booked, 'log'), 'utf8')).trimEnd().split('\n').sort()
  const build = (out: string, ...more: string[]) =>
    slipway.start(['--no-local', '-f', '-o', out, '--use-machines', 'lab:2', ...more], {
      cwd: tree,
      env: { SLIPWAY_SSH_CONFIG: lab.sshConfig },
    })

  test('hosts are rented, built on, and given back', async () => {
    await writeOffice('echo "asked for $2" >>log; echo h1; echo seat; echo h1')
    const listed = await slipway.run(['--mach'], { cwd: tree })
    expect(listed.stdout).toContain(
      'lab: gives up to 4 machines: 2 machines: h1 and seat, 0.75 a minute',
    )
    const out = outDir('rented')
    const { stdout, stderr } = await build(out).ended
    expect(stderr).toContain('lab: given: h1 and seat, 0.75 a minute')
    expect(stdout).toContain(all)
    expect(new Set(await hostsIn(out))).toEqual(new Set(['lab:h1', 'lab:seat']))
    expect(new Set(await log())).toEqual(new Set(['asked for 2', 'released h1', 'released seat']))
  })

  test('a boss that is killed while it rents gives back what comes', async () => {
    await writeOffice('echo asked >>log; until [ -e go ]; do sleep 0.1; done; echo h1')
    const run = build(outDir('killed-renting'))
    await expect.poll(log).toEqual(['asked'])
    run.child.kill('SIGKILL')
    await run.ended
    await writeFile(join(booked, 'go'), '')
    await expect.poll(log).toEqual(['asked', 'released h1'])
  })

  test.each([
    ['gives nothing', 'exit 0', 'lab: over: its command for acquire gave nothing'],
    ['says no', 'echo "all seats taken" >&2; exit 3', 'gave nothing (status 3): all seats taken'],
    ['gives what is no host', "echo '-oProxyCommand=x'", 'which are no hosts'],
  ])('one that %s is told of, and nothing is built by it', async (_, acquire, said) => {
    await writeOffice(acquire)
    const { stdout, stderr } = await build(outDir('none'), '--boards', boards[0] ?? '').ended
    expect(stderr).toContain(said)
    expect(stdout).toContain('1 not built')
  })

  test('what it does not take back is said at the end, with the command that does', async () => {
    await writeOffice('echo h1', 'exit 4')
    const { stdout, stderr } = await build(outDir('kept'), '--boards', boards[0] ?? '').ended
    expect(stdout).toContain('1 ok')
    expect(stderr).toContain('lab: h1 may still be held. To give back: ')
    expect(stderr).toContain('office release h1')
  })
})
