import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../transport/run-command.ts'
import type { Execution, Transport } from '../transport/transport.ts'
import { connectCommand } from './command-transport.ts'

/** Programs that run what follows them, as the clients of containers and clusters do, each with a habit of its own. */

const dir = mkdtempSync(join(tmpdir(), 'slipway-command-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function carrier(name: string, script: string): string {
  const file = join(dir, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

const connect = (command: string, signal?: AbortSignal, limitMs?: number) =>
  connectCommand({ machine: 'box', command }, signal, limitMs)

const carriers = {
  'does just that': 'env',
  'prints noise first': carrier(
    'noisy',
    'echo Welcome; echo "no newline" | tr -d "\\n"; exec "$@"',
  ),
  'joins its words for another shell': carrier('joining', 'exec sh -c "$*"'),
  'has no status': carrier('mute', '"$@"; exit 0'),
  'has a shell of few words there': carrier('busy', 'exec busybox sh'),
}

describe.each(Object.entries(carriers))('a command that %s', (_habit, command) => {
  test('brings output, errors, status and a megabyte of any bytes both ways', async () => {
    const machine = await connect(command)
    const said = await run(machine, 'echo out; echo err >&2; exit 7')
    expect(said).toMatchObject({ stdout: 'out\n', stderr: 'err\n', status: exit(7) })
    const bytes = randomBytes(1_000_000)
    const execution = await machine.exec('cat')
    execution.stderr.resume()
    execution.stdin.end(bytes)
    expect((await buffer(execution.stdout)).equals(bytes)).toBe(true)
    expect(await execution.ended).toEqual(exit(0))
    await machine.close()
  })

  test('brings each line when it is written', async () => {
    const machine = await connect(command)
    const echo = await machine.exec('while read -r line; do echo "got $line"; done')
    echo.stderr.resume()
    for (const word of ['one', 'two']) {
      echo.stdin.write(`${word}\n`)
      expect(await nextText(echo)).toBe(`got ${word}\n`)
    }
    echo.stdin.end()
    expect(await echo.ended).toEqual(exit(0))
    await machine.close()
  })

  test('ends with the command, though nobody reads the input', async () => {
    const machine = await connect(command)
    const { stdin, stdout, stderr, ended } = await machine.exec('echo done; exit 3')
    stderr.resume()
    stdin.write('never read')
    expect(String(await buffer(stdout))).toBe('done\n')
    expect(await ended).toEqual(exit(3))
    await machine.close()
  })
})

test('one that never tells that the input is over is ended once what it ran has ended', async () => {
  const machine = await connect(carrier('open', '{ cat; sleep 1000; } | "$@"'))
  const said = await run(machine, 'cat; exit 7', { stdin: 'all of it' })
  expect(said).toMatchObject({ stdout: 'all of it', status: exit(7) })
  await machine.close()
})

test('output that was cut off is lost, whatever the status', async () => {
  const cutting = carrier('cutting', '"$@" | dd bs=1 count=5000 2>&-; exit 0')
  const machine = await connect(cutting)
  const { status } = await run(machine, 'head -c 100000 /dev/zero')
  const reason = 'its command ended with status 0 before all output of ours had come'
  expect(status).toEqual({ kind: 'lost', reason })
  await machine.close()
})

const asking = carrier('asking', 'echo "Welcome"; echo "Password:"; read -r answer; sleep 1000')
const tried = (command: string) =>
  `Try: echo 'echo works' | ${command} sh. It must pass its input on (docker's -i), ask nothing, and use no terminal (no -t).`

test.each([
  [
    'is not there',
    join(dir, 'nosuch'),
    /^box: its command ended with status 127 and ran none of ours; it said: .*not found$/,
  ],
  [
    'refuses',
    carrier('refusing', 'echo "no such container: b1" >&2; exit 125'),
    /^box: its command ended with status 125 and ran none of ours; it said: no such container: b1$/,
  ],
  [
    'keeps its input to itself',
    carrier('deaf', '"$@" </dev/null'),
    /^box: its command ended with status 0 and ran none of ours$/,
  ],
  [
    'takes line ends for those of a terminal',
    carrier('translating', '"$@" | stdbuf -o0 tr "\\n" "\\r"'),
    /^box: its command changes or cuts off what passes through$/,
  ],
  [
    'uses a terminal',
    carrier('terminal', 'exec script -qec "$*" /dev/null'),
    /^box: its command changes or cuts off what passes through$/,
  ],
])('a command that %s is named, with what it said', async (_what, command, text) => {
  await expect(connect(command)).rejects.toMatchObject({
    name: 'TransportError',
    kind: 'unreachable',
    message: expect.stringMatching(text),
    hint: tried(command),
  })
})

test('one that asks a question is given up after a time, with the question', async () => {
  await expect(connect(asking, undefined, 500)).rejects.toMatchObject({
    kind: 'timeout',
    message: 'box: its command ran none of ours within 0.5 s; it said: Welcome; Password:',
    hint: tried(asking),
  })
})

test('or when nobody waits any more', async () => {
  const stop = new AbortController()
  const connecting = connect(asking, stop.signal)
  stop.abort(new Error('enough'))
  await expect(connecting).rejects.toThrow('enough')
})

test('closing ends what is under way, and takes nothing more', async () => {
  const machine: Transport = await connect('env')
  const execution = await machine.exec('cat')
  execution.stdout.resume()
  execution.stderr.resume()
  await machine.close()
  expect(await execution.ended).toMatchObject({ kind: 'lost' })
  await expect(machine.exec('true')).rejects.toThrow('closed')
})

function exit(code: number) {
  return { kind: 'exit', code }
}

async function nextText({ stdout }: Execution): Promise<string> {
  const [text] = await once(stdout, 'data')
  return String(text)
}
