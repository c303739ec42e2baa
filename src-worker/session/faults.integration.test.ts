import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  buildOne,
  buildResults,
  childrenOf,
  newWorker,
  preparedWorker,
  temporaryFolder,
} from '../testing/worker-fixture.ts'

const good = 'echo built'

test('a build without output and CPU use is stopped; one that works silently is not', async () => {
  const boards = {
    idle: 'trap "" TERM; echo begun; sleep 600',
    busy: 'i=0; end=$(($(date +%s) + 4)); while [ $(date +%s) -lt $end ]; do :; done',
    next: good,
  }
  const prepared = await preparedWorker([{ boards }], { settings: { stall_seconds: 1.5 } })
  const [idle, busy] = await Promise.all([buildOne(prepared, 'idle'), buildOne(prepared, 'busy')])
  expect(idle).toMatchObject({
    return_code: 124,
    reason: 'stalled',
    stalled: true,
    stdout: 'begun\n',
    stderr: expect.stringContaining('neither output nor CPU use for 1.5 s'),
  })
  expect(busy).toMatchObject({ return_code: 0 })
  expect((await buildOne(prepared, 'next')).return_code).toBe(0)
  // Its own children are the slots' shells, which wait for what is built next.
  const { pid } = prepared.worker.process
  expect(childrenOf(prepared.uuid).filter(({ parent }) => parent !== pid)).toEqual([])
})

test('a build that takes too long in all is stopped, though it talks', async () => {
  const boards = { chatty: 'while :; do echo tick; sleep 0.1; done' }
  const prepared = await preparedWorker([{ boards }], { settings: { total_seconds: 1 } })
  const result = await buildOne(prepared, 'chatty')
  expect(result).toMatchObject({ return_code: 124, reason: 'time limit' })
  expect(result.stalled).toBe(false)
})

test('Kconfig that asks for ever is stopped', async () => {
  const files = {
    Makefile:
      '%_defconfig: ; @echo "Restart config..."; while :; do echo "Size (SIZE) [] (NEW)"; sleep 0.1; done\n',
  }
  const prepared = await preparedWorker([{ boards: { b: good }, files }])
  expect(await buildOne(prepared, 'b')).toMatchObject({
    reason: 'kconfig loop',
    stderr: expect.stringContaining('without a default'),
  })
})

test('a full disk is named as the reason', async () => {
  const boards = { full: 'cat Makefile >/dev/full', next: good }
  const prepared = await preparedWorker([{ boards }])
  expect(await buildOne(prepared, 'full')).toMatchObject({ return_code: 2, reason: 'disk full' })
  expect((await buildOne(prepared, 'next')).return_code).toBe(0)
})

test.runIf(process.getuid?.() === 0)(
  'a disk that fills up in the middle, and is emptied again',
  async () => {
    const fill = 'cat /dev/zero >$OUT/junk'
    const other = 'head -c 100000 /dev/zero >$OUT/more'
    const prepared = await preparedWorker([{ boards: { full: fill, other, next: good } }], {
      slots: 1,
      onDisk: (dir) => {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'slipway-test', dir])
        onTestFinished(() => {
          execFileSync('umount', ['-l', dir])
        })
      },
    })
    const disk = { reason: 'disk full', reason_text: expect.stringContaining('make room') }
    expect(await buildOne(prepared, 'full')).toMatchObject({ ...disk, return_code: 2 })
    expect(await buildOne(prepared, 'other')).toMatchObject(disk)
    rmSync(join(prepared.dir, 'tree/build-00/junk'))
    expect((await buildOne(prepared, 'next')).return_code).toBe(0)
  },
)

test('a compiler that the kernel killed is named as the reason', async () => {
  const boards = {
    oom: 'echo "gcc: fatal error: Killed signal terminated program cc1" >&2; exit 1',
  }
  const prepared = await preparedWorker([{ boards }])
  expect(await buildOne(prepared, 'oom')).toMatchObject({
    reason: 'out of memory',
    reason_text: expect.stringContaining('cc1'),
  })
})

test('an output folder that is removed between two commits is configured anew', async () => {
  const boards = { b: good }
  const wait = { b: 'rm -rf $OUT; mkdir $OUT; echo built' }
  const prepared = await preparedWorker([{ boards: wait }, { boards }], {
    // Of a target of the person's nobody knows what it leaves: make is believed.
    settings: { kconfig_check: false, make_target: 'all' },
  })
  const results = await buildResults(prepared, 'b')
  expect(results.map((r) => [r.return_code, r.reconfigured])).toEqual([
    [0, true],
    [0, true],
  ])
})

test('a checkout that is removed or damaged is made again', async () => {
  const prepared = await preparedWorker([{ boards: { b: good } }])
  const tree = join(prepared.dir, 'tree')
  rmSync(tree, { recursive: true })
  expect((await buildOne(prepared, 'b')).return_code).toBe(0)
  const prepareAgain = async () => {
    prepared.worker.send({ cmd: 'build_prepare', commits: [...prepared.hashes] })
    await prepared.worker.next('build_prepare_done')
  }
  // What git leaves behind when it is killed in the middle.
  const admin = join(prepared.dir, 'repo.git/worktrees')
  const [name = ''] = readdirSync(admin)
  writeFileSync(join(admin, name, 'index.lock'), '')
  rmSync(join(tree, 'Makefile'))
  await prepareAgain()
  expect((await buildOne(prepared, 'b')).return_code).toBe(0)
  writeFileSync(join(admin, name, 'index'), 'nonsense')
  await prepareAgain()
  expect((await buildOne(prepared, 'b')).return_code).toBe(0)
  rmSync(admin, { recursive: true })
  await prepareAgain()
  expect((await buildOne(prepared, 'b')).return_code).toBe(0)
})

test('what the account has set for git changes no file of the tree', async () => {
  const config = join(temporaryFolder(), 'gitconfig')
  const pointers = 'test -n \\"$GIT_LFS_SKIP_SMUDGE\\" && cat'
  const lines = [
    ...['[core]', 'autocrlf = true', 'fsmonitor = /bin/false'],
    ...['[filter "lfs"]', `smudge = "${pointers}"`, 'required = true'],
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  const files = { '.gitattributes': '*.bin filter=lfs\n', 'blob.bin': 'pointer\n', 'a.txt': 'a\n' }
  const boards = { b: 'cat a.txt blob.bin | tr "\\r" R' }
  const prepared = await preparedWorker([{ boards, files }], { env: { GIT_CONFIG_GLOBAL: config } })
  expect(await buildOne(prepared, 'b')).toMatchObject({ return_code: 0, stdout: 'a\npointer\n' })
})

test('a work folder behind a symbolic link keeps its output folders from run to run', async () => {
  const prepared = await preparedWorker([{ boards: { b: 'touch $OUT/mark' } }])
  await buildOne(prepared, 'b')
  prepared.worker.send({ cmd: 'quit' })
  await prepared.worker.ended
  const link = join(temporaryFolder(), 'link')
  symlinkSync(prepared.dir, link)
  const worker = await newWorker(prepared.dir)
  worker.send({ cmd: 'setup', work_dir: link })
  worker.send({ cmd: 'configure', settings: {} })
  worker.send({ cmd: 'build_prepare', commits: [null] })
  await worker.next('build_prepare_done')
  expect(existsSync(join(prepared.dir, 'tree/build-00/mark'))).toBe(true)
})

test("a commit that can't be checked out gets its outcome, and so do the others", async () => {
  const boards = { b: good }
  const commits = [{ boards }, { boards, files: { extra: 'x' } }, { boards, files: { extra: 'y' } }]
  const prepared = await preparedWorker(commits, { slots: 1 })
  // Without its objects a commit can't be checked out.
  const objects = join(prepared.dir, 'repo.git/objects')
  const hash = prepared.hashes[1] ?? ''
  rmSync(join(objects, hash.slice(0, 2), hash.slice(2)))
  const results = await buildResults(prepared, 'b')
  expect(results.map((r) => [r.return_code, r.reason])).toEqual([
    [0, undefined],
    [-1, 'checkout failed'],
    [0, undefined],
  ])
})

test('a toolchain that vanishes in the middle', async () => {
  const prepared = await preparedWorker([{ boards: { b: good, c: good } }])
  const { worker, dir, hashes } = prepared
  const gcc = join(dir, 'arm-elf-gcc')
  writeFileSync(gcc, '#!/bin/sh\n')
  chmodSync(gcc, 0o755)
  worker.send({ cmd: 'configure', settings: { ccache: false }, toolchains: { arm: gcc } })
  worker.send({ cmd: 'build_prepare', commits: [...hashes] })
  const first = await buildOne(prepared, 'b', { arch: 'arm' })
  expect(first.toolchain).toEqual({ gcc, path: dir, cross: 'arm-elf-', arch: 'arm' })
  expect(first.out_env).toContain('CROSS_COMPILE="arm-elf-"')
  rmSync(gcc)
  expect(await buildOne(prepared, 'c', { arch: 'arm' })).toMatchObject({
    return_code: 10,
    reason: 'no toolchain',
    stderr: `Tool chain error for arm: ${gcc} is not there or can't be run\n`,
  })
  expect(await buildOne(prepared, 'b', { arch: 'm68k' })).toMatchObject({
    return_code: 10,
    stderr: "Tool chain error for m68k: No tool chain found for arch 'm68k'\n",
  })
})

test('a toolchain that vanishes while it is used', async () => {
  const prepared = await preparedWorker([{ boards: { b: 'rm $GCC; exit 1' } }], { env: {} })
  const { worker, dir, hashes } = prepared
  const gcc = join(dir, 'arm-elf-gcc')
  writeFileSync(gcc, '#!/bin/sh\n')
  chmodSync(gcc, 0o755)
  const make_flags = { b: [`GCC=${gcc}`] }
  const toolchains = { arm: gcc }
  worker.send({ cmd: 'configure', settings: { ccache: false }, toolchains, make_flags })
  worker.send({ cmd: 'build_prepare', commits: [...hashes] })
  expect(await buildOne(prepared, 'b', { arch: 'arm' })).toMatchObject({
    return_code: 2,
    reason: 'no toolchain',
    reason_text: `${gcc} vanished while it was used`,
  })
})

test("a slot folder that can't be written to: the board gets its reason, the worker goes on", async () => {
  const prepared = await preparedWorker([{ boards: { b: good } }], { slots: 1 })
  const slot = join(prepared.dir, '00')
  writeFileSync(slot, 'in the way')
  expect(await buildOne(prepared, 'b')).toMatchObject({
    return_code: -1,
    reason: 'checkout failed',
  })
  rmSync(slot)
  expect((await buildOne(prepared, 'b')).return_code).toBe(0)
  expect(existsSync(join(slot, 'stdout'))).toBe(true)
})

test('a make in PATH that is newer than the one beside the compiler is no matter', async () => {
  const bin = temporaryFolder()
  const script =
    '#!/bin/sh\n[ "$1" != --version ] || { echo "GNU Make 4.4.1"; exit; }\nexec make "$@"\n'
  writeFileSync(join(bin, 'make'), script.replace('exec make', `PATH=\${PATH#*:} exec make`), {
    mode: 0o755,
  })
  const env = { PATH: `${bin}:${process.env.PATH}` }
  const prepared = await preparedWorker([{ boards: { b: good } }], { env })
  expect(await buildOne(prepared, 'b')).toMatchObject({ return_code: 0, stderr: '' })
})

test('what a build leaves in the background does not hold its result up', async () => {
  const boards = { b: 'sleep 600 & echo built' }
  const prepared = await preparedWorker([{ boards }])
  expect(await buildOne(prepared, 'b')).toMatchObject({ return_code: 0, stdout: 'built\n' })
})
