import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { commit } from '../../results/test-builds.ts'
import { KeptOutputs, type KeptOutputsOptions, type MissingOutputs } from './kept-outputs.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-outputs-'))
const mounts: string[] = []
afterAll(() => {
  for (const dir of mounts) execFileSync('umount', [dir])
  rmSync(work, { recursive: true, force: true })
})

const first = commit(0, 'a')
let homes = 0

/** Where the outputs of one build of `snow` on `moa` come to lie. */
function home(
  dir = join(work, `home-${homes++}`),
  stallMs = 60_000,
  more: Pick<Partial<KeptOutputsOptions>, 'holdBack' | 'mostWaiting'> = {},
) {
  const folder = join(dir, 'snow')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'done'), '0')
  const missing: MissingOutputs[] = []
  const outputs = new KeptOutputs({
    folderOf: () => folder,
    scratchDir: join(dir, 'new'),
    onMissing: (one) => missing.push(one),
    holdBack() {},
    stallMs,
    ...more,
  })
  return { folder, scratch: join(dir, 'new'), outputs, missing }
}

function announce(path: string, bytes: Uint8Array) {
  return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** What the worker says of a file, in parts. */
function* partsOf(path: string, bytes: Uint8Array, part = 64 * 1024) {
  const build = { resp: 'output_chunk', board: 'snow', commit_upto: 0 } as const
  let offset = 0
  do {
    const data = Buffer.from(bytes.subarray(offset, offset + part)).toString('base64')
    yield { ...build, path, size: bytes.length, offset, data }
    offset += part
  } while (offset < bytes.length)
}

const end = {
  resp: 'output_end',
  board: 'snow',
  commit_upto: 0,
  files: 0,
  bytes: 0,
  problem: '',
} as const
const image = Buffer.alloc(300_000, 'image ')

test('outputs have their names when they are whole', async () => {
  const { folder, scratch, outputs, missing } = home()
  const none = Buffer.alloc(0)
  const announced = [announce('u-boot.bin', image), announce('spl/u-boot-spl.bin', none)]
  outputs.expect('moa', 'snow', first, announced)
  for (const chunk of partsOf('u-boot.bin', image)) outputs.chunk('moa', chunk)
  for (const chunk of partsOf('spl/u-boot-spl.bin', none)) outputs.chunk('moa', chunk)
  outputs.end('moa', end)
  await outputs.settled()
  expect(missing).toEqual([])
  expect(readFileSync(join(folder, 'u-boot.bin')).equals(image)).toBe(true)
  expect(readFileSync(join(folder, 'spl/u-boot-spl.bin'))).toHaveLength(0)
  expect(readdirSync(scratch)).toEqual([])
})

const parts = [...partsOf('u-boot.bin', image)]
const [one, two, ...rest] = parts
test.each([
  ['a part is missing', [one, ...rest], /part of it is missing/],
  ['it begins in the middle', [two, ...rest], /beginning did not come/],
  ['it ends early', [one, two], /did not send all/],
  ['nothing comes', [], /did not send all/],
  ['its size is another', parts.map((part) => ({ ...part, size: 5 })), /were announced/],
  [
    'it is larger',
    [...parts.slice(0, -1), { ...parts.at(-1), data: image.toString('base64') }],
    /larger/,
  ],
  ['it arrives changed', partsOf('u-boot.bin', Buffer.alloc(image.length, 'other ')), /SHA-256/],
] as const)('an output that is not whole is not there: %s', async (_name, chunks, why) => {
  const { folder, scratch, outputs, missing } = home()
  outputs.expect('moa', 'snow', first, [announce('u-boot.bin', image)])
  for (const chunk of chunks) if (chunk) outputs.chunk('moa', chunk as (typeof parts)[number])
  outputs.end('moa', end)
  await outputs.settled()
  expect(missing).toEqual([
    {
      ...{ machine: 'moa', board: 'snow', commit: first },
      ...{ count: 1, problems: [expect.stringMatching(why)] },
    },
  ])
  expect(existsSync(join(folder, 'u-boot.bin'))).toBe(false)
  expect(existsSync(scratch) ? readdirSync(scratch) : []).toEqual([])
})

test.each([
  'done',
  'DONE',
  'log/x',
  'slipway.json',
  '',
  '.',
  '..',
  '../x',
  'a//b',
  '/etc/x',
  'a/./b',
  'a\0b',
  'a\\b',
  `${'d/'.repeat(20)}x`,
  'x'.repeat(300),
])('an output can not be called %j', async (path) => {
  const { folder, outputs, missing } = home()
  outputs.expect('moa', 'snow', first, [announce(path, image)])
  for (const chunk of partsOf(path, image)) outputs.chunk('moa', chunk)
  outputs.end('moa', end)
  await outputs.settled()
  expect(missing[0]?.problems).toHaveLength(1)
  expect(readdirSync(folder)).toEqual(['done'])
  expect(readFileSync(join(folder, 'done'), 'utf8')).toBe('0')
})

test('what was never announced is not taken', async () => {
  const { folder, outputs, missing } = home()
  outputs.expect('moa', 'snow', first, [])
  for (const chunk of partsOf('u-boot.bin', image)) outputs.chunk('moa', chunk)
  outputs.end('moa', end)
  await outputs.settled()
  expect(missing[0]?.problems).toEqual(['u-boot.bin: it was never announced'])
  expect(readdirSync(folder)).toEqual(['done'])
})

test('of very many that are missing some are named, and all are counted', async () => {
  const { outputs, missing } = home()
  const announced = Array.from({ length: 150 }, (_, i) => announce(`part-${i}`, image))
  outputs.expect('moa', 'snow', first, announced)
  outputs.end('moa', end)
  await outputs.settled()
  expect(missing[0]?.count).toBe(150)
  expect(missing[0]?.problems).toHaveLength(101)
  expect(missing[0]?.problems.at(-1)).toBe('and 50 more')
})

test('a machine that sends nothing more is not waited for', async () => {
  const { outputs, missing } = home(undefined, 50)
  outputs.expect('moa', 'snow', first, [announce('u-boot.bin', image)])
  for (const chunk of parts.slice(0, 2)) outputs.chunk('moa', chunk)
  await outputs.settled()
  expect(missing[0]?.problems).toEqual([expect.stringContaining('nothing more of it came')])
})

test('a disk that fills up in the middle of a file leaves no part of it under its name', async (context) => {
  const dir = join(work, 'small')
  mkdirSync(dir)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', dir], { stdio: 'ignore' })
  } catch {
    context.skip('no file system can be mounted here')
  }
  mounts.push(dir)
  const { folder, outputs, missing } = home(dir)
  const large = Buffer.alloc(1 << 20, 'image ')
  const small = Buffer.from('small')
  outputs.expect('moa', 'snow', first, [
    ...[announce('u-boot.bin', large), announce('u-boot.img', small)],
  ])
  for (const chunk of partsOf('u-boot.bin', large)) outputs.chunk('moa', chunk)
  for (const chunk of partsOf('u-boot.img', small)) outputs.chunk('moa', chunk)
  outputs.end('moa', end)
  await outputs.settled()
  expect(missing[0]?.problems).toEqual([expect.stringMatching(/^u-boot.bin: .*no space left/i)])
  expect(readdirSync(folder).sort()).toEqual(['done', 'u-boot.img'])
})

test('a machine that sends more than the disk takes is held back, and goes on after it', async () => {
  const told: [string, boolean][] = []
  let goOn = deferred()
  const limit = 150_000
  const { folder, outputs, missing } = home(undefined, 60_000, {
    mostWaiting: limit,
    holdBack(machine, on) {
      told.push([machine, on])
      if (!on) goOn.resolve()
    },
  })
  const bytes = Buffer.alloc(1_000_000, 'kept')
  outputs.expect('moa', 'snow', first, [announce('u-boot.bin', bytes)])
  for (const part of partsOf('u-boot.bin', bytes)) {
    outputs.chunk('moa', part)
    if (!told.at(-1)?.[1]) continue
    await goOn.promise
    goOn = deferred()
  }
  outputs.end('moa', end)
  await outputs.settled()
  expect(missing).toEqual([])
  expect(readFileSync(join(folder, 'u-boot.bin'))).toEqual(bytes)
  const turns = told.filter(([, on], index) => on !== told[index - 1]?.[1])
  // Two parts are more than the limit.
  expect(turns.length).toBeGreaterThanOrEqual(4)
  expect(turns.at(-1)).toEqual(['moa', false])
})
