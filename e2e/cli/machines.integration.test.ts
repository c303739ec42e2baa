import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { machine } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { processId } from '../../src-system/process-id.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, readJson, type Slipway, type StartOptions, writeSettings } from './slipway.ts'

/** The command with machines: h1 is reached by ssh2, h2 by the system's ssh. */

let slipway: Slipway
let lab: Lab
let tree = ''

const boards = Array.from({ length: 6 }, (_, index) => syntheticBoard(index))
const hanging = syntheticBoard(9)

beforeAll(async () => {
  ;[slipway, lab] = await Promise.all([makeSlipway(), startHosts(2)])
  tree = join(slipway.dir, 'tree')
  await makeSyntheticTree(tree, {
    boards: 10,
    buildMs: 1000,
    series: 2,
    warning: [1],
    hanging: [9],
  })
  await writeSettings(
    slipway,
    `[toolchain]\nall = ~/compilers/*/m68k-linux\n\n[machines]\nh1\nh2\n\n${limits}`,
  )
})
afterAll(async () => {
  await lab?.stop()
  await slipway?.remove()
})

/** A busy computer is one more machine all the same. */
const limits = ['local', 'h1', 'h2']
  .map(
    (name) =>
      `[machine:${name}]\nmax_boards = 1\nmax_load_per_core = 1000\nmin_disk_mb = 0\nmin_memory_mb = 0\n${name === 'h2' ? 'transport = openssh\n' : ''}`,
  )
  .join('\n')

const out = (name: string) => join(slipway.dir, name)
const options = (): StartOptions => ({ cwd: tree, env: { SLIPWAY_SSH_CONFIG: lab.sshConfig } })
const run = (...args: string[]) => slipway.run(args, options())

test.each(['h1', 'h2'])(
  '--no-local builds everything on %s, each by its own way to get there',
  async (name) => {
    const { code, stdout, stderr } = await run(
      ...[
        '--use-machines',
        name,
        '--no-local',
        '--boards',
        boards.join(','),
        '-o',
        out(name),
        '-v',
      ],
    )
    expect({ code, stderr }).toMatchObject({ code: 101 })
    expect(stderr).toMatch(/^Building current source for 6 boards\n/)
    expect(stderr).toContain(
      `\n[${name}]\nboard/tiny0001.c:7:1: warning: this board always warns\n`,
    )
    expect(stdout).toContain('5 ok, 1 with warnings, 0 failed, 0 not built')
    const host = (board: string) => readFile(join(out(name), 'current', board, 'host'), 'utf8')
    const hosts = await Promise.all(boards.map(host))
    expect(hosts.map((text) => text.trim())).toEqual(boards.map(() => name))
    await expect.poll(() => lab.host(name).processes()).toEqual([])
  },
)

test('a machine by command builds, though what carries the bytes dies in the middle', async () => {
  const { carrier, settings } = await carriedMachine()
  const where = ['-G', settings, '--use-machines', 'carried', '--no-local']
  const building = slipway.start(
    [...where, '--boards', boards.join(','), '-o', out('carried'), '--json'],
    options(),
  )
  await building.until('"build-started"')
  for (const pid of await carrier.running()) process.kill(processId(pid), 'SIGKILL')
  const { code, stdout, stderr } = await building.ended
  expect({ code, stderr }).toEqual({ code: 101, stderr: '' })
  expect(stdout).toContain('"phase":"lost"')
  const { builds } = readJson(stdout).finished
  expect(builds.map(({ outcome, machine }) => `${outcome} on ${machine}`).sort()).toEqual(
    ['ok', 'ok', 'ok', 'ok', 'ok', 'warnings'].map((outcome) => `${outcome} on carried`),
  )
  await expect.poll(() => lab.host('h1').processes()).toEqual([])
  expect(await carrier.running()).toEqual([])
})

/** h1 by a program of the person's; `running` are its processes. */
async function carriedMachine() {
  const [program, pids] = [join(slipway.dir, 'carry'), join(slipway.dir, 'carriers')]
  const carry = `exec ssh -F ${lab.sshConfig} "$@"`
  await writeFile(program, `#!/bin/sh\necho $$ >>${pids}\n${carry}\n`, { mode: 0o755 })
  const settings = join(slipway.dir, 'carried-settings')
  const section = limits.replaceAll('machine:h1', 'machine:carried')
  await writeFile(
    settings,
    `[toolchain]\n[machines]\ncarried\nh2\n${section.replace('[machine:h2]', `command = ${program} h1\n[machine:h2]`)}`,
  )
  async function running(): Promise<number[]> {
    const noted = (await readFile(pids, 'utf8')).trim().split('\n').map(Number)
    const commands = await Promise.all(
      noted.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    )
    return noted.filter((_, index) => commands[index]?.includes(lab.sshConfig))
  }
  return { settings, carrier: { running } }
}

test('where no temporary files can be made, others are, and that is said', async () => {
  const { code, stderr } = await slipway.run(
    ['--use-machines', 'h2', '--no-local', '--boards', syntheticBoard(0), '-o', out('placeless')],
    { cwd: tree, env: { SLIPWAY_SSH_CONFIG: lab.sshConfig, TMPDIR: out('no such folder') } },
  )
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stderr).toContain('no such folder (ENOENT): /tmp is used\n')
})

test("a machine's own buildman is driven in its own words", async () => {
  const program = join(lab.host('h1').home, 'tools', 'buildman')
  await mkdir(dirname(program))
  await copyFile(join(import.meta.dirname, 'buildman-stand-in.mjs'), program)
  await chmod(program, 0o755)
  const where = [
    '--use-machines',
    'h1',
    '--no-local',
    '--machines-buildman-path',
    '~/tools/buildman',
  ]
  const what = ['--boards', boards.slice(0, 3).join(','), '-b', 'main~2..main', '-o', out('driven')]
  const { code, stdout, stderr } = await run(...where, ...what, '--json')
  expect({ code, stderr }).toEqual({ code: 101, stderr: '' })
  const { builds } = readJson(stdout).finished
  expect(builds.map(({ outcome, machine }) => `${outcome} on ${machine}`)).toEqual(
    ['ok', 'ok', 'warnings', 'warnings', 'ok', 'ok'].map((outcome) => `${outcome} on h1`),
  )
  // It measures nothing: when it began and ended is seen from here.
  expect(builds.filter(({ seconds }) => !(seconds > 0))).toEqual([])
  const started = await readFile(join(lab.host('h1').home, 'buildman-started'), 'utf8')
  expect(started).toMatch(/^\S+\/buildman\/tree\n$/)
  const refused = await run(...where, ...what, '-f', '--fragments', 'more', '--json')
  expect(refused.code).toBe(100)
  expect(readJson(refused.stdout).finished.builds[0]).toMatchObject({
    outcome: 'not built',
    reason: expect.stringContaining("its buildman can't do --fragments"),
  })
  await expect.poll(() => lab.host('h1').processes()).toEqual([])
})

test('a buildman that knows no --worker is started once, and left out in its own words', async () => {
  const { home } = lab.host('h1')
  const program = join(home, 'old-buildman')
  const words = 'buildman: error: unrecognized arguments: --worker'
  await writeFile(program, `#!/bin/sh\necho x >>~/old-started\necho '${words}' >&2\nexit 2\n`)
  await chmod(program, 0o755)
  const where = ['--use-machines', 'h1', '--no-local', '--machines-buildman-path', '~/old-buildman']
  const what = ['--boards', boards[0] ?? '', '-o', out('old'), '--json']
  const { code, stdout } = await run(...where, ...what)
  expect(code).toBe(100)
  expect(readJson(stdout).finished.builds).toMatchObject([
    { outcome: 'not built', reason: expect.stringContaining(words) },
  ])
  expect(await readFile(join(home, 'old-started'), 'utf8')).toBe('x\n')
})

test('--mach says what each machine is, as a table and as JSON', async () => {
  const { code, stdout } = await run('--mach')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Name +Arch +Threads +Slots +Load/)
  expect(stdout).toMatch(/^h1 +\S+ +\d+ .* available$/m)
  expect(stdout).toMatch(/^h2 +\S+ +\d+ .* available$/m)
  const json = JSON.parse((await run('--mach', '--json', '--use-machines', 'H2')).stdout)
  expect(json).toMatchObject([{ config: { name: 'h2' }, state: 'available' }])
})

test('a machine is the host that ssh_config names, in whatever case either is written', async () => {
  const hosts = await readFile(lab.sshConfig, 'utf8')
  const sshConfig = join(slipway.dir, 'cased-ssh-config')
  await writeFile(
    sshConfig,
    hosts.replace('Host h1', 'Host BuildBox').replace('Host h2', 'Host H2'),
  )
  const cased = limits.replace('machine:h1', 'machine:buildbox')
  const settings = join(slipway.dir, 'cased-settings')
  await writeFile(settings, `[toolchain]\n[machines]\nBuildBox\nh2\n${cased}`)
  const { stdout, stderr } = await slipway.run(['--mach', '-G', settings], {
    cwd: tree,
    env: { SLIPWAY_SSH_CONFIG: sshConfig },
  })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^buildbox +\S+ +\d+ .* available$/m)
  expect(stdout).toMatch(/^h2 +\S+ +\d+ .* available$/m)
})

test('without a terminal no new host key is taken, by neither way to get there, and none is noted', async () => {
  const hosts = await readFile(lab.sshConfig, 'utf8')
  const sshConfig = join(slipway.dir, 'strange-ssh-config')
  const known = join(slipway.dir, 'known-hosts')
  await writeFile(known, '')
  const asking = `UserKnownHostsFile ${known}\nStrictHostKeyChecking ask\n`
  await writeFile(sshConfig, `${asking}${hosts}`)
  const { stdout } = await slipway.run(['--mach', '--use-machines', 'h1,h2'], {
    cwd: tree,
    env: { SLIPWAY_SSH_CONFIG: sshConfig },
  })
  expect(stdout).toMatch(/^h1 .* unavailable: the host key of .* is not known: ssh-\S+ SHA256:/m)
  expect(stdout).toMatch(/^h2 .* unavailable: .*host key/im)
  expect(await readFile(known, 'utf8')).toBe('')
})

test('--machines-fetch-arch brings machines what they lack; --list-tool-chains says what is here', async () => {
  const gcc = 'm68k-linux/bin/m68k-linux-gcc'
  await writeCompiler(join(slipway.home, 'compilers/old', gcc))
  expect((await run('--list-tool-chains')).stdout).toBe(
    `List of available toolchains (1):\nm68k      : ${slipway.home}/compilers/old/${gcc}\n\n`,
  )
  const server = await serveToolchain(gcc)
  const fetching = [
    '--machines-fetch-arch',
    '--use-machines',
    'h1',
    '--toolchain-server',
    server.url,
    '--unchecked-toolchain',
  ]
  const { code, stdout, stderr } = await run(...fetching)
  server.close()
  const place = join(lab.host('h1').home, '.buildman-toolchains/gcc-13.2.0-nolibc', gcc)
  expect({ code, stderr }).toEqual({ code: 0, stderr: `h1: fetched ${place}\n` })
  expect(stdout).toMatch(/^h1 .* available$/m)
  expect(stdout).not.toContain('no toolchain for m68k')
  expect((await run('--mach', '--use-machines', 'h2')).stdout).toContain(
    'h2: no toolchain for m68k\n',
  )
  const failing = await run(...fetching.with(2, 'h2'))
  expect(failing).toMatchObject({ code: 1, stderr: expect.stringContaining('slipway: h2: ') })
})

async function writeCompiler(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const script = '[ "$1" = -dumpmachine ] && echo m68k-linux || echo "m68k-linux-gcc (GCC) 13.2.0"'
  await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

/** A server laid out as kernel.org's, with one toolchain for computers like this one. */
async function serveToolchain(
  gcc: string,
  has: { readonly checksum?: 'right' | 'wrong' } = {},
): Promise<{ url: string; close(): void }> {
  const made = join(slipway.dir, 'made')
  await writeCompiler(join(made, 'gcc-13.2.0-nolibc', gcc))
  const archive = `${machine()}-gcc-13.2.0-nolibc-m68k-linux.tar.xz`
  const file = join(slipway.dir, archive)
  await promisify(execFile)('tar', ['-cJf', file, '-C', made, 'gcc-13.2.0-nolibc'])
  const bytes = await readFile(file)
  const sum = createHash('sha256')
    .update(has.checksum === 'wrong' ? '' : bytes)
    .digest('hex')
  const server = createServer(({ url }, response) => {
    if (has.checksum && url === `/${machine()}/13.2.0/sha256sums.asc`)
      response.end(`${sum}  ${archive}\n`)
    else if (url === `/${machine()}/13.2.0/`) response.end(`<a href="${archive}">${archive}</a>`)
    else if (url === `/${machine()}/13.2.0/${archive}`) response.end(bytes)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

test('--fetch-arch brings toolchains to this computer, and notes where they are', async () => {
  const gcc = 'm68k-linux/bin/m68k-linux-gcc'
  const server = await serveToolchain(gcc)
  const from = ['--toolchain-server', `${server.url}`]
  const listed = await run('--fetch-arch', 'list', ...from)
  const refused = await run('--fetch-arch', 'm68k', ...from)
  const fetched = await run('--fetch-arch', 'm68k', '--unchecked-toolchain', ...from)
  const unknown = await run('--fetch-arch', 'z80', ...from)
  server.close()
  const place = join(slipway.home, '.buildman-toolchains/gcc-13.2.0-nolibc', gcc)
  expect(listed).toMatchObject({ code: 0, stdout: `Toolchains for ${machine()}: m68k\n` })
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(
    /^slipway: there is no checksum for \S+m68k-linux.tar.xz \(.*\n.*--unchecked-toolchain\n$/,
  )
  expect(fetched).toMatchObject({ code: 0, stdout: `m68k: ${place}\n`, stderr: '' })
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('z80') })
  const settings = await readFile(join(slipway.home, '.buildman'), 'utf8')
  expect(settings).toContain('download = ~/.buildman-toolchains/*/*\n')
})

test('--fetch-arch all takes what the server vouches for, and nothing whose sum is another', async () => {
  const gcc = 'm68k-linux/bin/m68k-linux-gcc'
  const place = join(slipway.home, '.buildman-toolchains/gcc-13.2.0-nolibc')
  const cache = join(slipway.dir, 'cache/slipway/toolchains')
  for (const checksum of ['wrong', 'right'] as const) {
    for (const folder of [place, cache]) await rm(folder, { recursive: true, force: true })
    const server = await serveToolchain(gcc, { checksum })
    const fetched = await run('--fetch-arch', 'all', '--toolchain-server', server.url)
    server.close()
    const isHere = existsSync(join(place, gcc))
    expect({ ...fetched, isHere }, checksum).toMatchObject(
      checksum === 'right'
        ? { code: 0, stdout: `m68k: ${join(place, gcc)}\n`, stderr: '', isHere: true }
        : { code: 1, stdout: '', isHere: false },
    )
  }
})

test('--kill-workers leaves living ones alone until asked for, and is clean then', async () => {
  const building = slipway.start(
    ['--json', '--use-machines', 'h1', '--no-local', '--boards', hanging, '-o', out('live')],
    options(),
  )
  await building.until('"build-started"')
  const careful = await run('--kill-workers')
  expect(careful.stdout).toMatch(
    /^ {2}local: none\n {2}h1: none\n {4}left alone: process \d+, slipway of .*\n {2}h2: none\n$/,
  )
  expect(careful.code).toBe(0)
  const thorough = await run('--kill-workers', '--live-workers', '--use-machines', 'h1')
  expect(thorough).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ {2}h1: killed \d+\n$/),
  })
  await building.until('"phase":"lost"')
  building.child.kill('SIGINT')
  expect((await building.ended).code).toBe(1)
  for (const { processes } of lab.hosts) await expect.poll(() => processes()).toEqual([])
})

test('a machine that is not there, or not known, is told of', async () => {
  const { code, stderr } = await run('--mach', '--use-machines', 'nosuch')
  expect(code).toBe(1)
  expect(stderr).toContain('has no nosuch\n  there are: h1, h2')
  await lab.host('h2').kill()
  const killing = await run('--kill-workers', '--use-machines', 'h1,h2')
  await lab.host('h2').boot()
  expect(killing.stdout).toMatch(/^ {2}h1: none\n {2}h2: FAILED: .*refused\n$/)
  expect(killing.code).toBe(1)
})
