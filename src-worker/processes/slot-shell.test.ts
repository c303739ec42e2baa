import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../testing/worker-fixture.ts'
import { inheritedEnvironment } from '../tools/environment.ts'
import { createChildren } from './children.ts'
import { cpuMilliseconds } from './slot-shell.ts'

function newSlot() {
  const folder = temporaryFolder()
  const children = createChildren(randomUUID())
  onTestFinished(() => children.killAllNow(1000))
  const env = inheritedEnvironment(process.env)
  const options = { cwd: folder, env, slot: 0, fds: [] }
  const output = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') }
  const shell = children.shellOf(options)
  const run = (...argv: string[]) => shell.run(output, argv)
  const said = (stream: 'stdout' | 'stderr') => readFileSync(output[stream], 'utf8')
  return { folder, children, options, output, shell, run, said }
}

test('words stay words, and what programs say is added to the files', async () => {
  const { folder, run, said } = newSlot()
  const odd = ['', ' a  b ', '$HOME `id`', 'it\'s \\n "so"', '*', 'ü', '-n', '= 7']
  expect(await run('printf', '%s|', ...odd)).toEqual({ code: 0, problem: '' })
  expect(await run('sh', '-c', 'pwd; cat; echo oops >&2; exit 3')).toMatchObject({ code: 3 })
  expect(said('stdout')).toBe(`${odd.join('|')}|${folder}\n`)
  expect(said('stderr')).toBe('oops\n')
})

test('programs of a slot run in one shell, as long as their environment and folder stay the same', async () => {
  const { children, options, output, folder, said } = newSlot()
  const askShell = (more: object) =>
    children.shellOf({ ...options, ...more }).run(output, ['sh', '-c', 'echo $PPID'])
  const inside = join(folder, 'inside')
  const inFolder = async () => {
    mkdirSync(inside)
    await askShell({ cwd: inside })
    renameSync(inside, `${inside}.old`)
    mkdirSync(inside)
    await askShell({ cwd: inside })
  }
  await askShell({})
  await askShell({})
  await askShell({ env: { ...options.env, MORE: '1' } })
  await askShell({ slot: 1 })
  await inFolder()
  const [first, ...others] = said('stdout').trim().split('\n')
  expect(others[0]).toBe(first)
  expect(new Set(others).size).toBe(others.length)
})

test('a program that is not there, one that is killed, and a shell that is', async () => {
  const { run, said } = newSlot()
  expect(await run('no-such-make')).toMatchObject({ code: 127 })
  expect(said('stderr')).toMatch(/^slipway-make: (line )?1: no-such-make: (command )?not found\n/)
  expect(await run('sh', '-c', 'kill -9 $$')).toMatchObject({ code: 137 })
  expect(said('stderr')).toContain('Killed')
  expect(await run('sh', '-c', 'kill -9 $PPID; exec sleep 600')).toMatchObject({ code: 137 })
  expect(await run('true')).toMatchObject({ code: 0 })
})

test('what is stopped with its slot ends, and the slot goes on', async () => {
  const { children, run } = newSlot()
  const stopped = run('sleep', '600')
  await children.stopSlot(0)
  expect((await stopped).code).not.toBe(0)
  expect(await run('true')).toMatchObject({ code: 0 })
})

test('a command that could not be told from two is refused', async () => {
  await expect(newSlot().run('echo', 'one\ntwo')).rejects.toThrow('line end')
})

test('CPU time of what a build ran, and not of those before it', async () => {
  const { children, options, run, shell, output } = newSlot()
  await run('sh', '-c', 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done')
  expect(shell.spentMs()).toBeGreaterThan(0)
  const next = children.shellOf(options)
  await next.run(output, ['true'])
  expect(next.spentMs()).toBeLessThan(shell.spentMs())
})

test('CPU times as dash and bash write them', () => {
  const dash = '0m0.000000s 0m0.010000s\n1m2.500000s 0m0.250000s\n'
  const bash = '0m0.001s 0m0.002s\n0m1.000s 0m0.500s\n'
  expect(cpuMilliseconds(dash)).toBe(10 + 62_500 + 250)
  expect(cpuMilliseconds(bash)).toBe(3 + 1500)
  expect(cpuMilliseconds('')).toBe(0)
})
