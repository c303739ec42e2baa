import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { inheritedEnvironment } from '../tools/environment.ts'
import { type Children, createChildren, SLOT_COOKIE } from './children.ts'
import { createJobserver, type Jobserver } from './jobserver.ts'

const env = inheritedEnvironment(process.env)
/** Another make to try, e.g. one of 4.4. */
const make = process.env.SLIPWAY_TEST_MAKE ?? 'make'

type Bench = { dir: string; children: Children; jobserver: Jobserver }

async function bench(threads: number): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-jobs-'))
  const children = createChildren(`jobs-${process.pid}`)
  const path = join(dir, 'jobs')
  const jobserver = await createJobserver(children, { path, threads, env })
  onTestFinished(() => {
    children.killAllNow(1000)
    jobserver.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return { dir, children, jobserver }
}

/** A makefile of 8 tasks, half of them in a make below; each says when it begins and ends. */
function tasks(dir: string, work: string): string {
  const file = join(dir, 'Makefile')
  const recipe = `\t@echo + >>${dir}/log; ${work}; echo - >>${dir}/log\n`
  writeFileSync(
    file,
    `all: a b c d sub\na b c d e f g h: ; \n${recipe}sub: ; +@$(MAKE) -f ${file} below\nbelow: e f g h\n.PHONY: all below sub a b c d e f g h\n`,
  )
  return file
}

function start({ dir, children, jobserver }: Bench, file: string, slot: number) {
  return children.start([make, '-s', '-f', file], {
    cwd: dir,
    env: { ...env, MAKEFLAGS: jobserver.makeFlags },
    stdio: ['ignore', 'inherit', 'inherit', ...jobserver.fds],
    slot,
  })
}

function mostAtOnce(log: string): number {
  let now = 0
  let most = 0
  for (const mark of log.trim().split('\n')) {
    now += mark === '+' ? 1 : -1
    most = Math.max(most, now)
  }
  return most
}

test('two makes together run as many jobs as there are threads, never more', async () => {
  const b = await bench(3)
  const file = tasks(b.dir, 'sleep 0.1')
  const runOne = async (slot: number) => {
    const giveBack = await b.jobserver.take()
    const { code } = await start(b, file, slot).ended
    giveBack()
    return code
  }
  expect(await Promise.all([runOne(0), runOne(1)])).toEqual([0, 0])
  const log = readFileSync(join(b.dir, 'log'), 'utf8')
  expect(log.split('\n').filter((mark) => mark === '+')).toHaveLength(16)
  expect(mostAtOnce(log)).toBe(3)
  expect(b.jobserver.countFree()).toBe(3)
})

test('the last make gets every thread', async () => {
  const b = await bench(4)
  const giveBack = await b.jobserver.take()
  await start(b, tasks(b.dir, 'sleep 0.1'), 0).ended
  giveBack()
  expect(mostAtOnce(readFileSync(join(b.dir, 'log'), 'utf8'))).toBe(4)
})

test('a make that is stopped gives its tokens back while others still run', async () => {
  const b = await bench(4)
  const other = await b.jobserver.take()
  const giveBack = await b.jobserver.take()
  // Jobs that hear no signal: only killing them lets make go on to its end.
  const { ended } = start(b, tasks(b.dir, 'trap "" TERM; sleep 600'), 0)
  await untilJobs(b, 3)
  expect(b.jobserver.countFree()).toBe(0)
  await b.children.stopSlot(0)
  await ended
  giveBack()
  expect(b.jobserver.countFree()).toBe(3)
  other()
  expect(b.jobserver.countFree()).toBe(4)
})

test('tokens of makes that were killed outright come back when no make is left', async () => {
  const b = await bench(4)
  const giveBack = await b.jobserver.take()
  const { ended } = start(b, tasks(b.dir, 'sleep 600'), 0)
  await untilJobs(b, 4)
  b.children.killAllNow(1000)
  await ended
  expect(b.jobserver.countFree()).toBe(0)
  giveBack()
  giveBack()
  expect(b.jobserver.countFree()).toBe(4)
})

test('who waits for a token is served in order', async () => {
  const b = await bench(1)
  const first = await b.jobserver.take()
  const served: number[] = []
  const waiting = [1, 2, 3].map(async (n) => {
    const giveBack = await b.jobserver.take()
    served.push(n)
    giveBack()
  })
  expect(served).toEqual([])
  first()
  await Promise.all(waiting)
  expect(served).toEqual([1, 2, 3])
})

/** Until that many jobs have begun. */
async function untilJobs({ dir }: Bench, count: number): Promise<void> {
  for (;;) {
    const log = execFileSync('sh', ['-c', `cat ${dir}/log 2>/dev/null || :`], { encoding: 'utf8' })
    if (log.split('\n').filter((mark) => mark === '+').length >= count) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('children of a slot carry its cookie', async () => {
  const { children, dir } = await bench(1)
  const said = await children.capture(['sh', '-c', `echo $${SLOT_COOKIE}`], {
    cwd: dir,
    env,
    slot: 7,
  })
  expect(said.stdout).toBe('7\n')
  const missing = await children.capture(['no-such-program'], { cwd: dir, env })
  expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining('ENOENT') })
})
