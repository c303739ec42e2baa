import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import type { RunRequest } from '../../src-core/model.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { appSettings } from '../../src-core/schemas.ts'
import { testConfig } from '../../src-core/test-machine.ts'
import { good, openWindow, type Window } from './window.ts'

/** What the window does with machines, their workers and terminals. */

let window: Window
let tree = ''
let runId = ''
/** A toolchain server that begins to send an archive and never gets on with it. */
let server: Server

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.endsWith('/')) {
      response.end('<a href="x86_64-gcc-14.2.0-nolibc-or1k-linux.tar.xz">or1k</a>')
    } else if (request.url?.endsWith('.xz')) {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('beginning')
    } else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  window = await openWindow(`http://127.0.0.1:${port}`)
})
afterAll(async () => {
  await window?.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const settings = `# mine
[toolchain]
root: /   # all of it

[machines]
; the fast one
moa
ohau = anna@ohau.example

[machine:moa]
max_boards = 8
`

test('providers are listed as the configuration was last read, and say what they have', async () => {
  const file = join(window.dir, 'rented.buildman')
  const lab = 'kind = commands\nnodes = 2\nlist = echo oven\nacquire = false\nrelease = true\n'
  await writeFile(file, `${settings}[provider:lab]\n${lab}`)
  await window.windowBoss.use(appSettings.parse({ buildmanFile: file }))
  const list = async () => good(await window.ask('providers:list', {}))
  expect(await list()).toEqual([{ name: 'lab', kind: 'commands', nodes: 2, loginNode: '' }])
  const said = await window.ask('providers:describe', { name: 'lab' })
  expect(good(said)).toBe('1 machine: oven')
  const cluster = 'kind = slurm\nlogin_node = moa\n'
  await writeFile(file, `${settings}[provider:cluster]\n${cluster}`)
  await window.ask('machines:list', {})
  expect(await list()).toEqual([{ name: 'cluster', kind: 'slurm', nodes: 4, loginNode: 'moa' }])
  const gone = await window.ask('providers:describe', { name: 'lab' })
  expect(gone).toMatchObject({ ok: false, problem: { what: expect.stringContaining('lab') } })
})

test('machines are added, changed, moved and removed, and every other byte stays', async () => {
  const file = join(window.dir, 'my.buildman')
  await writeFile(file, settings)
  await window.windowBoss.use(appSettings.parse({ buildmanFile: file }))
  const names = async () => {
    const list = await window.ask('machines:list', {})
    return list.ok ? list.value.map(({ config }) => config.name) : []
  }
  expect(await names()).toEqual(['local', 'moa', 'ohau'])
  const saved = await window.ask('machines:save', {
    machine: testConfig('kauri', { maxBoards: 4 }),
    previousName: '',
  })
  expect(saved).toMatchObject({ ok: true })
  expect(await names()).toEqual(['local', 'moa', 'ohau', 'kauri'])
  await window.ask('machines:save', {
    machine: testConfig('moa', { maxBoards: 8, transport: 'openssh' }),
    previousName: 'moa',
  })
  await window.ask('machines:reorder', { names: ['kauri', 'ohau', 'moa'] })
  expect(await names()).toEqual(['local', 'kauri', 'ohau', 'moa'])
  await window.ask('machines:reorder', { names: ['moa', 'ohau', 'kauri'] })
  await window.ask('machines:remove', { name: 'kauri' })
  expect(await readFile(file, 'utf8')).toBe(
    settings
      .replace('max_boards = 8\n', 'max_boards = 8\ntransport = openssh\n')
      // Written as mainline's buildman can read it, once it is edited.
      .replace('\nmoa\n', '\nmoa = moa\n'),
  )
  expect(await readFile(`${file}.before-slipway`, 'utf8')).toBe(settings)
  const twice = await window.ask('machines:save', { machine: testConfig('moa'), previousName: '' })
  expect(twice).toMatchObject({ ok: false })
})

test('a machine that can’t be reached says so, and is no surprise', async () => {
  const [found] = await window.ask('workers:find', { names: ['ohau'] })
  expect(found).toMatchObject({ machine: 'ohau', workers: [], problem: expect.stringMatching(/./) })
  const worker = { pid: 1, startTime: '1', lockPath: '/none' }
  expect(await window.ask('workers:kill', { machine: 'ohau', workers: [worker] })).toMatchObject({
    killed: 0,
    problem: expect.stringMatching(/./),
  })
  expect(
    await window.ask('machines:fetch-toolchain', {
      machine: 'ohau',
      arch: 'arm',
      unchecked: false,
    }),
  ).toMatchObject({ ok: false })
})

test('a machine is tried before it is saved, and says what works or what to do', async () => {
  const always = { maxLoadPerCore: 1000, minDiskMb: 0, minMemoryMb: 0 }
  const box = testConfig('box', { command: 'env', thresholds: always })
  const works = good(await window.ask('machines:try', { machine: box }))
  expect(works).toMatchObject({ state: 'available', facts: { tools: { git: expect.any(String) } } })
  const silent = { ...box, command: 'false' }
  const refused = good(await window.ask('machines:try', { machine: silent }))
  expect(refused).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(
      /^its command ended with status 1 and ran none of ours\. Try: echo 'echo works' \| false sh\./,
    ),
  })
  const list = good(await window.ask('machines:list', {}))
  expect(list.map(({ config }) => config.name)).not.toContain('box')
})

test('fetching a compiler says how far it is, and can be cancelled and tried again', async () => {
  await window.ask('machines:probe', { names: ['local'] })
  const about = { machine: 'local', arch: 'or1k', unchecked: true }
  // Nobody vouches for it: a person is asked, and nothing is fetched.
  expect(
    await window.ask('machines:fetch-toolchain', { ...about, unchecked: false }),
  ).toMatchObject({
    ok: true,
    value: { unvouched: expect.stringMatching(/^there is no checksum for /) },
  })
  expect(stepsSoFar()).toEqual([])
  for (const round of [1, 2]) {
    const fetching = window.ask('machines:fetch-toolchain', about)
    await expect.poll(() => stepsSoFar()).toHaveLength(round)
    expect(await window.ask('machines:fetch-toolchain', about)).toMatchObject({
      problem: { what: 'local is getting a compiler already' },
    })
    await window.ask('machines:cancel-fetch', { machine: 'local' })
    expect(await fetching).toMatchObject({ ok: false, problem: { what: 'Cancelled' } })
  }
  // Nothing is under way any more.
  await window.ask('machines:cancel-fetch', { machine: 'local' })
})

function stepsSoFar() {
  const steps = window.told('toolchain:progress').filter(({ step }) => step === 'downloading')
  return steps.filter(({ done }) => done === 'beginning'.length)
}

/** The machine that builds the slowest board, which is at work for longest; empty before it does. */
function slowBuilder(events: readonly RunEvent[]): string {
  for (const event of events) {
    if (event.type === 'build-started' && event.board === 'sandbox_slow') return event.machine
  }
  return ''
}

test('a worker at work is found, can be ended, and the run goes on elsewhere', async () => {
  tree = good(await window.ask('tree:sample', {}))
  expect(await window.ask('machines:demo', {})).toMatchObject({ ok: true })
  const request: RunRequest = {
    treeDir: tree,
    outputDir: join(window.dir, 'out'),
    boards: ['sandbox_slow', 'sim_jetty', 'sim_buoy', 'sim_rig'],
    commits: { kind: 'current' },
    distribute: true,
    useMachines: ['demo-kauri', 'demo-rimu'],
    noLocal: true,
    settings: defaultBuildSettings,
  }
  runId = good(await window.ask('run:start', request)).runId
  const building = await window.next('run:events', ({ events }) => slowBuilder(events) !== '')
  const at = slowBuilder(building.events)
  const [found] = await window.ask('workers:find', { names: [at] })
  // Other tests' workers are seen as well, being of the same account.
  const workers = found?.workers.filter((worker) => worker.runId === runId) ?? []
  expect(workers).toMatchObject([{ kind: 'slipway', state: 'live' }])
  const report = await window.ask('workers:kill', {
    machine: at,
    workers: workers.map(({ pid, startTime, lockPath }) => ({ pid, startTime, lockPath })),
  })
  expect(report).toMatchObject({ problem: '', left: [] })
  expect(report.killed).toBeGreaterThan(0)
  const last = await window.next('run:events', ({ events }) =>
    events.some((event) => event.type === 'run-finished'),
  )
  expect(last.events.at(-1)).toMatchObject({ type: 'run-finished', exitCode: 0 })
})

test('terminals open where a board was built, on a machine, and in the tree', async () => {
  const terminal = await opened({ kind: 'build', build: { runId, board: 'sim_jetty', upto: 0 } })
  expect(terminal.title).toMatch(/^sim_jetty on demo-/)
  await says(terminal.id, 'ls u-boot.cfg && pwd', /u-boot\.cfg[\s\S]*\/tree\/build-\d\d/)
  await window.ask('terminal:close', { id: terminal.id })
  const remote = await opened({ kind: 'machine', machine: 'demo-rimu' })
  await says(remote.id, 'echo here is $SLIPWAY_DEMO', /here is demo-rimu/)
  const local = await opened({ kind: 'tree', dir: tree })
  await says(local.id, 'git log --format=%s -1 | cat', /env: Wait a second longer/)
  await window.ask('terminal:write', { id: local.id, data: 'exit 7\r' })
  expect(await window.next('terminal:exit', ({ id }) => id === local.id)).toMatchObject({ code: 7 })
})

type TerminalPlace = Parameters<typeof window.ask<'terminal:open'>>[1]

async function opened(place: TerminalPlace): Promise<{ id: string; title: string }> {
  return good(await window.ask('terminal:open', place))
}

/** Types a command once the shell is there, and waits for what it says. */
async function says(id: string, command: string, words: RegExp): Promise<void> {
  const output = () =>
    window
      .told('terminal:data')
      .filter((one) => one.id === id)
      .map(({ data }) => data)
      .join('')
  await window.next('terminal:data', (one) => one.id === id)
  await window.ask('terminal:write', { id, data: `${command}\r` })
  await expect.poll(output, { timeout: 30_000 }).toMatch(words)
}
