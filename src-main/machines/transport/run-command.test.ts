import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { localTransport } from './local-transport.ts'
import { run } from './run-command.ts'
import { runOrThrow } from './test-run-or-throw.ts'

const local = localTransport()

test('a command gets its stdin and gives its output and status', async () => {
  const output = await run(local, 'cat; echo oops >&2; exit 3', { stdin: 'hello' })
  expect(output).toEqual({
    stdout: 'hello',
    stderr: 'oops\n',
    status: { kind: 'exit', code: 3 },
    truncated: false,
  })
  expect(
    (await run(local, 'cat', { stdin: Readable.from([Buffer.from('a'), Buffer.from('b')]) }))
      .stdout,
  ).toBe('ab')
})

test('a signal is told from an exit', async () => {
  expect((await run(local, 'kill -TERM $$')).status).toEqual({ kind: 'signal', signal: 'SIGTERM' })
})

test('output beyond the limit is dropped, and the command goes on', async () => {
  const output = await run(local, 'head -c 3000000 /dev/zero; exit 7', { maxBytes: 1000 })
  expect(output.stdout.length).toBe(1000)
  expect(output.truncated).toBe(true)
  expect(output.status).toEqual({ kind: 'exit', code: 7 })
})

test('a command that leaves its stdin unread is no crash', async () => {
  const output = await run(local, 'exit 0', { stdin: Buffer.alloc(10_000_000) })
  expect(output.status).toEqual({ kind: 'exit', code: 0 })
})

test('time over and cancelling end the wait', async () => {
  await expect(run(local, 'sleep 1000', { timeoutMs: 50 })).rejects.toThrow(
    'local: a command did not finish within 0.1 s',
  )
  const cancel = new AbortController()
  const pending = run(local, 'sleep 1000', { signal: cancel.signal })
  cancel.abort(new Error('enough'))
  await expect(pending).rejects.toThrow('enough')
})

test('runOrThrow says what the command said', async () => {
  expect(await runOrThrow(local, 'echo fine')).toBe('fine\n')
  await expect(runOrThrow(local, 'echo no such thing >&2; exit 2')).rejects.toThrow(
    'local: a command ended with status 2: no such thing',
  )
})

test('closing the transport ends what runs as lost', async () => {
  const transport = localTransport()
  const execution = await transport.exec('exec sleep 1000')
  execution.stdout.resume()
  execution.stderr.resume()
  await transport.close()
  expect(await execution.ended).toEqual({ kind: 'lost', reason: 'the transport was closed' })
  await expect(transport.exec('true')).rejects.toThrow('closed')
})

test('what stands still is given up with a word, what moves takes the time that it needs', async () => {
  async function* slowly() {
    for (let at = 0; at < 8; at++) {
      await delay(400)
      yield Buffer.from('x')
    }
  }
  const moving = run(local, 'wc -c', { stdin: Readable.from(slowly()), stallMs: 2000 })
  expect((await moving).stdout.trim()).toBe('8')
  const stuck = run(local, 'sleep 1000', { stdin: Buffer.alloc(10_000_000), stallMs: 1000 })
  await expect(stuck).rejects.toThrow('local: nothing moved for 1 s')
})
