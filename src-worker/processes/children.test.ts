import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { processId } from '../../src-system/process-id.ts'
import { temporaryFolder } from '../testing/worker-fixture.ts'
import { inheritedEnvironment } from '../tools/environment.ts'
import { createChildren } from './children.ts'

const options = { cwd: '/', env: inheritedEnvironment(process.env) }
const capture = (script: string, input?: string) => {
  const children = createChildren(randomUUID())
  onTestFinished(() => children.killAllNow(1000))
  return children.capture(['sh', '-c', script], { ...options, ...(input && { input }) })
}

test('what a program says and how it ends', async () => {
  expect(await capture('cat; echo oops >&2; exit 3', 'hello')).toEqual({
    code: 3,
    signal: '',
    problem: '',
    stdout: 'hello',
    stderr: 'oops\n',
  })
  expect(await capture('kill -9 $$')).toMatchObject({ code: 137, signal: 'SIGKILL' })
})

test('half an answer is not taken for the whole', async () => {
  const said = await capture('head -c 20000000 /dev/zero')
  expect(said).toMatchObject({ code: 141, stderr: 'it said more than 16 MB' })
  // What else it says is for people: its end does not matter so much.
  const chatty = await capture('head -c 20000000 /dev/zero >&2; echo whole')
  expect(chatty).toMatchObject({ code: 0, stdout: 'whole\n' })
  expect(chatty.stderr.length).toBeGreaterThanOrEqual(16 * 1024 * 1024)
})

test('a program that is not there', async () => {
  const said = await createChildren('test').capture(['/nowhere/tool'], options)
  expect(said).toMatchObject({ code: 127, stdout: '', stderr: expect.stringContaining('ENOENT') })
})

test('what a program leaves in the background with its streams is not waited for', async () => {
  const pidFile = `${temporaryFolder()}/pid`
  const said = await capture(`sleep 600 & echo $! >${pidFile}; echo done`)
  expect(said).toMatchObject({ code: 0, stdout: 'done\n' })
  // It is still there: killAllNow of the worker would end it.
  expect(() => process.kill(processId(Number(readFileSync(pidFile, 'utf8'))), 0)).not.toThrow()
})
